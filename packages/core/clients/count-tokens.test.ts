import { countTokens as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as o200k } from "gpt-tokenizer/encoding/o200k_base";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countTokens } from "./count-tokens.ts";

/** As customers write, in the languages that WhatsApp's do. */
const samples: Record<string, string> = {
  English:
    "Hi! I booked a table for four people on Saturday at 8:30 pm, but two of my friends are vegetarian and one is allergic to peanuts. Could you tell me which dishes are safe for her, and whether there is somewhere to park nearby? Thanks a lot!",
  "English prose":
    "The restaurant opens its kitchen at noon and keeps serving until four in the afternoon; dinner starts at eight. On public holidays the schedule changes, so please call beforehand. Groups of more than ten people need a deposit, which is refunded when cancelled at least forty-eight hours in advance.",
  Spanish:
    "¡Hola! Reservé una mesa para cuatro personas el sábado a las 20:30, pero dos de mis amigos son vegetarianos y una es alérgica a los cacahuetes. ¿Me podéis decir qué platos puede comer y si hay aparcamiento cerca? ¡Muchas gracias!",
  Portuguese:
    "Olá! Reservei uma mesa para quatro pessoas no sábado às 20h30, mas dois dos meus amigos são vegetarianos e uma é alérgica a amendoim. Podem me dizer quais pratos ela pode comer e se há estacionamento por perto? Muito obrigada!",
  French:
    "Bonjour ! J'ai réservé une table pour quatre personnes samedi à 20 h 30, mais deux de mes amis sont végétariens et une est allergique aux cacahuètes. Pourriez-vous me dire quels plats elle peut manger ?",
  German:
    "Guten Tag! Ich habe für Samstag um 20:30 Uhr einen Tisch für vier Personen reserviert, zwei meiner Freunde sind Vegetarier und eine ist allergisch gegen Erdnüsse. Welche Gerichte darf sie essen, und gibt es Parkmöglichkeiten in der Nähe?",
  Russian:
    "Здравствуйте! Я забронировал столик на четверых на субботу в 20:30, но двое моих друзей вегетарианцы, а у одной аллергия на арахис. Подскажите, пожалуйста, какие блюда ей можно?",
  Arabic:
    "مرحبا! حجزت طاولة لأربعة أشخاص يوم السبت الساعة الثامنة والنصف مساء، لكن اثنين من أصدقائي نباتيان وواحدة لديها حساسية من الفول السوداني. ما الأطباق الآمنة لها؟",
  Hebrew:
    "שלום! הזמנתי שולחן לארבעה אנשים ביום שבת בשעה שמונה וחצי, אבל שניים מהחברים שלי צמחונים ואחת אלרגית לבוטנים. אילו מנות בטוחות עבורה?",
  Chinese:
    "您好!我预订了星期六晚上八点半的四人桌,但是我有两个朋友吃素,还有一个对花生过敏。请问她可以吃哪些菜?附近有停车场吗?谢谢!",
  Japanese:
    "こんにちは。土曜日の夜8時半に4名で予約しましたが、友人のうち2人はベジタリアンで、1人はピーナッツアレルギーです。彼女が食べられる料理を教えていただけますか?近くに駐車場はありますか?",
  Korean:
    "안녕하세요! 토요일 저녁 8시 30분에 네 명 자리를 예약했는데, 친구 두 명은 채식주의자이고 한 명은 땅콩 알레르기가 있어요. 어떤 음식을 먹을 수 있는지 알려 주시겠어요?",
  Hindi:
    "नमस्ते! मैंने शनिवार को रात साढ़े आठ बजे चार लोगों के लिए एक टेबल बुक की है, लेकिन मेरे दो दोस्त शाकाहारी हैं और एक को मूंगफली से एलर्जी है। वह कौन से व्यंजन खा सकती है?",
  Thai: "สวัสดีค่ะ ฉันจองโต๊ะสำหรับสี่คนวันเสาร์เวลาสองทุ่มครึ่ง แต่เพื่อนสองคนเป็นมังสวิรัติ และอีกคนแพ้ถั่วลิสง เธอทานอะไรได้บ้างคะ",
  Greek:
    "Γεια σας! Έκλεισα τραπέζι για τέσσερα άτομα το Σάββατο στις 20:30, αλλά δύο από τους φίλους μου είναι χορτοφάγοι και μία έχει αλλεργία στα φιστίκια.",
  Turkish:
    "Merhaba! Cumartesi akşamı saat 20:30 için dört kişilik bir masa ayırttım ama arkadaşlarımdan ikisi vejetaryen, birinin de yer fıstığına alerjisi var. Hangi yemekleri yiyebilir?",
  Vietnamese:
    "Xin chào! Tôi đã đặt bàn cho bốn người vào thứ Bảy lúc 20:30, nhưng hai người bạn của tôi ăn chay và một người bị dị ứng với đậu phộng. Cô ấy có thể ăn món nào?",
  Polish:
    "Dzień dobry! Zarezerwowałem stolik dla czterech osób na sobotę o 20:30, ale dwoje moich przyjaciół to wegetarianie, a jedna osoba jest uczulona na orzeszki ziemne. Które dania może zjeść?",
  emoji: "😂😂😂 ❤️ 🎉🎂 te quiero mucho 🥰🥰 nos vemos mañana 👋🏽 👨‍👩‍👧‍👦 🇪🇸",
  slang: "ola wapa, k tal? tmb voy yo xq m apetece, nos vmos alli a las 9 jajajajaja ok? bss",
  addresses:
    "https://www.example.com/reservas/2026/11/23?mesa=4&hora=20%3A30&utm_source=whatsapp#confirmar id=8f14e45fceea167a5a36dedd4bea2543 +34 600 123 456 lucia.prueba@example.com",
  capitals:
    "¡¡¡NECESITO QUE ME CONTESTEN YA, LLEVO ESPERANDO MÁS DE DOS HORAS Y NADIE ME DICE NADA!!! ES INACEPTABLE",
  numbers: "1234567890 20:30 12,50 € 3.14159 2026-11-23 28013 4/5 100% 1.000.000",
  punctuation: "... --- *** ??? !!! (((())))  []{}<>|\\~`@#$%^&_=+;:'\",./",
  base64: "c2VhbGVkOjE6QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk=",
  lists: "hola\n\n\n- pan\n- leche\n\t- sin lactosa\n\n    fin   de la lista   \n",
};

/**
 * How far the estimate may be off from the greater of two tokenizers' counts: cl100k_base has few words of other
 * languages than English, o200k_base many. What models of Bedrock count lies around there.
 */
const underMax = 0.2;
const overMax = 0.65;
/** Rows of dots and stars, which tokenizers have a word for. */
const overMaxOfPunctuation = 1;

describe("an estimate of tokens", () => {
  it.each(Object.entries(samples))(
    `of %s is neither ${underMax * 100} % too low nor ${overMax * 100} % too high`,
    (name, text) => {
      const counted = Math.max(o200k(text), cl100k(text));
      expect(countTokens(text)).toBeGreaterThanOrEqual(Math.floor(counted * (1 - underMax)));
      const over = name === "punctuation" ? overMaxOfPunctuation : overMax;
      expect(countTokens(text)).toBeLessThanOrEqual(counted * (1 + over));
    },
  );

  it("is never too low for all of them together", () => {
    const text = Object.values(samples).join("\n");
    const counted = Math.max(o200k(text), cl100k(text));
    expect(countTokens(text)).toBeGreaterThanOrEqual(counted);
    expect(countTokens(text)).toBeLessThanOrEqual(counted * 1.3);
  });

  it("of nothing is 0, and of anything else at least as much as of a part of it, but for rounding", () => {
    expect(countTokens("")).toBe(0);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        expect(countTokens(`${one}\n${other}`)).toBeGreaterThanOrEqual(countTokens(one));
      }),
    );
  });

  it.each(["a", "A", "á", "я", "漢", "1", " ", "\n", "🙂", "़", "aA"])(
    "of a stranger's 100,000 characters of %j takes milliseconds",
    (text) => {
      const startedAt = performance.now();
      expect(countTokens(text.repeat(100_000))).toBeGreaterThan(0);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );
});
