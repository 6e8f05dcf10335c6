/** What customers write: to book a table, step by step, or to ask about something else. */
export const phrases = {
  asks: "¿Abrís hoy?",
  books: "Quiero reservar una mesa",
  answers: "Somos cuatro personas",
  confirms: "Confirmo",
  cancels: "Dejémoslo",
} as const;
export type Phrase = keyof typeof phrases;
