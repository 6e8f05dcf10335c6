import type { Language } from "./stop-words.ts";

/** What the offline model says of its own; everything else it says is the business's text. */
export type Wording = {
  hello: string;
  /** Opens the list of topics. */
  helpWith: string;
  /** Closes the greeting. */
  askAway: string;
  thanks: string;
  closing: string;
  unknown: string;
  /** Follows an answer when another question of the same burst has none. */
  unknownRest: string;
  machine: string;
  /** Ends whatever offers a person; the next turn's "yes" is understood by finding it. */
  offer: string;
  /** The answers to it, as buttons. */
  yesPlease: string;
  noThanks: string;
  handOver: string;
  cannotRead: Record<"picture" | "audio" | "document" | "location" | "other", string>;
  /** What this model calls itself below its answers (D16). */
  label: string;
  /** Between the label and the sources. */
  from: string;
  quotes: [string, string];
};

export const wording: Record<Language, Wording> = {
  en: {
    hello: "Hello!",
    helpWith: "I can help you with:",
    askAway: "What would you like to know?",
    thanks: "You're welcome! If you need anything else, just write.",
    closing: "All right. If you need anything else, just write.",
    unknown: "I'm sorry, I don't know that.",
    unknownRest: "I don't know the rest of what you ask.",
    machine: "I'm an automatic assistant, not a person.",
    offer: "Shall I get someone from the team?",
    yesPlease: "Yes, please",
    noThanks: "No, thanks",
    handOver: "Of course. Someone from the team will take over and answer you in this chat.",
    cannotRead: {
      picture:
        "I can't look at pictures or videos: I work offline. Could you tell me in words what you need?",
      audio: "I can't listen to voice messages: I work offline. Could you write to me what you need?",
      document: "I can't open documents: I work offline. Could you tell me in words what you need?",
      location: "I can't see locations on a map: I work offline. Could you write to me what you need?",
      other: "I can't read this kind of message: I work offline. Could you tell me in words what you need?",
    },
    label: "Offline model",
    from: "from",
    quotes: ["“", "”"],
  },
  es: {
    hello: "¡Hola!",
    helpWith: "Te puedo ayudar con:",
    askAway: "¿Qué te gustaría saber?",
    thanks: "¡De nada! Si necesitas algo más, escríbeme.",
    closing: "De acuerdo. Si necesitas algo más, escríbeme.",
    unknown: "Lo siento, eso no lo sé.",
    unknownRest: "Lo demás que preguntas no lo sé.",
    machine: "Soy un asistente automático, no una persona.",
    offer: "¿Aviso a alguien del equipo?",
    yesPlease: "Sí, por favor",
    noThanks: "No, gracias",
    handOver: "Claro. Alguien del equipo se hará cargo y te contestará en este chat.",
    cannotRead: {
      picture: "No puedo ver fotos ni vídeos: funciono sin conexión. ¿Me cuentas con palabras qué necesitas?",
      audio: "No puedo escuchar notas de voz: funciono sin conexión. ¿Me escribes qué necesitas?",
      document: "No puedo abrir documentos: funciono sin conexión. ¿Me cuentas con palabras qué necesitas?",
      location: "No puedo ver ubicaciones en un mapa: funciono sin conexión. ¿Me escribes qué necesitas?",
      other:
        "No puedo leer este tipo de mensaje: funciono sin conexión. ¿Me cuentas con palabras qué necesitas?",
    },
    label: "Modelo sin conexión",
    from: "de",
    quotes: ["«", "»"],
  },
  pt: {
    hello: "Olá!",
    helpWith: "Posso ajudar com:",
    askAway: "O que gostaria de saber?",
    thanks: "De nada! Se precisar de mais alguma coisa, é só escrever.",
    closing: "Está bem. Se precisar de mais alguma coisa, é só escrever.",
    unknown: "Desculpe, isso eu não sei.",
    unknownRest: "O resto do que pergunta eu não sei.",
    machine: "Sou um assistente automático, não uma pessoa.",
    offer: "Quer que eu chame alguém da equipe?",
    yesPlease: "Sim, por favor",
    noThanks: "Não, obrigado",
    handOver: "Claro. Alguém da equipe vai assumir e responder nesta conversa.",
    cannotRead: {
      picture: "Não consigo ver fotos nem vídeos: funciono offline. Pode dizer em palavras do que precisa?",
      audio: "Não consigo ouvir mensagens de voz: funciono offline. Pode escrever do que precisa?",
      document: "Não consigo abrir documentos: funciono offline. Pode dizer em palavras do que precisa?",
      location: "Não consigo ver localizações no mapa: funciono offline. Pode escrever do que precisa?",
      other:
        "Não consigo ler este tipo de mensagem: funciono offline. Pode dizer em palavras do que precisa?",
    },
    label: "Modelo offline",
    from: "de",
    quotes: ["“", "”"],
  },
};
