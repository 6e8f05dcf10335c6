import type * as unpdf from "unpdf";
import { expect, test, vi } from "vitest";
import { pdf, type SetLine } from "../testing/pdf.ts";
import { pdfPages, pdfPagesMax } from "./pdf-pages.ts";
import { pdfPassages } from "./pdf-passages.ts";

const title = (text: string): SetLine => ({ text, size: 20, leading: 2 });
const heading = (text: string): SetLine => ({ text, size: 14, leading: 2.5 });
const apart = (text: string): SetLine => ({ text, leading: 2.4 });

const read = async (...pages: SetLine[][]) =>
  pdfPassages(await pdfPages("menu.es.pdf", pdf(pages)), "menu.es.pdf", "es");
const texts = async (...pages: SetLine[][]) => (await read(...pages)).map(({ text }) => text);

test("what stands under a heading is a passage, whose source is the page", async () => {
  expect(
    await read(
      [
        title("Nuestra carta"),
        heading("Pan"),
        "Todo el pan es de masa madre.",
        heading("Café"),
        "De Etiopía.",
      ],
      [heading("Postres"), "Hoy, flan."],
    ),
  ).toEqual([
    {
      source: "menu.es.pdf#page=1",
      language: "es",
      title: "Nuestra carta",
      heading: "Pan",
      also: "",
      text: "Todo el pan es de masa madre.",
    },
    {
      source: "menu.es.pdf#page=1",
      language: "es",
      title: "Nuestra carta",
      heading: "Café",
      also: "",
      text: "De Etiopía.",
    },
    {
      source: "menu.es.pdf#page=2",
      language: "es",
      title: "Nuestra carta",
      heading: "Postres",
      also: "",
      text: "Hoy, flan.",
    },
  ]);
});

test("lines that are full are one paragraph, and a divided word is whole again", async () => {
  expect(
    await texts([
      title("A"),
      "Servimos desayunos todos los días desde las ocho de la maña-",
      "na hasta las doce, también los festivos que caen en domin-",
      "go.",
    ]),
  ).toEqual([
    "Servimos desayunos todos los días desde las ocho de la mañana hasta las doce, también los festivos que caen en domingo.",
  ]);
});

test("a dash that ends no divided word stays", async () => {
  expect(await texts([title("A"), "abierto de lunes a viernes de 8-", "20 h"])).toEqual([
    "abierto de lunes a viernes de 8- 20 h",
  ]);
});

test("the lines of a price list and of a bulleted list stay lines", async () => {
  expect(
    await texts([
      title("A"),
      "Esta línea es mucho más larga que las otras, para dar la medida.",
      apart("Café solo 1,50 €"),
      "Té 2 €",
      apart("• Los bollos de esta casa se hacen con mantequilla de verdad"),
      "• Los panes, con masa madre",
    ]),
  ).toEqual([
    "Esta línea es mucho más larga que las otras, para dar la medida.\n\nCafé solo 1,50 €\nTé 2 €\n\n• Los bollos de esta casa se hacen con mantequilla de verdad\n• Los panes, con masa madre",
  ]);
});

test("a sentence that crosses a page belongs to the page where it began", async () => {
  const found = await read(
    [title("A"), "Las reservas se guardan quince minutos, y después"],
    ["se dan a quien espere.", apart("Otra cosa.")],
  );
  expect(found.map(({ source, text }) => [source, text])).toEqual([
    ["menu.es.pdf#page=1", "Las reservas se guardan quince minutos, y después se dan a quien espere."],
    ["menu.es.pdf#page=2", "Otra cosa."],
  ]);
});

test("a heading lasts until the next, over pages", async () => {
  const found = await read([title("A"), heading("Pan"), "Uno."], ["Dos."], [heading("Té"), "Tres."]);
  expect(found.map(({ heading }) => heading)).toEqual(["Pan", "Pan", "Té"]);
});

test("page numbers, and what stands at the edge of most pages, belong to no passage", async () => {
  const page = (text: string, number: number): SetLine[] => [
    "Café Hilo, carta de otoño",
    apart(text),
    apart(`Página ${number}`),
  ];
  const found = await texts(page("Uno.", 1), page("Dos.", 2), page("Tres.", 3));
  expect(found).toEqual(["Uno.", "Dos.", "Tres."]);
});

test("without headings the file's name is the title", async () => {
  expect(await read(["Solo texto."])).toMatchObject([
    { title: "menu", heading: "menu", text: "Solo texto." },
  ]);
});

test("a file that is no PDF, damaged, locked or a scan is named with what to do", async () => {
  const message = (bytes: Buffer) =>
    pdfPages("menu.es.pdf", bytes).then(
      () => "",
      (error: unknown) => String(error),
    );
  expect(await message(Buffer.from("# Menú"))).toBe(
    'KnowledgeError: Knowledge file "menu.es.pdf" is damaged or no PDF: open it, and save it as PDF again',
  );
  const whole = pdf([["Hola."]]);
  expect(await message(whole.subarray(0, 100))).toContain("is damaged or no PDF");
  expect(await message(pdf([["Hola."]], { locked: true }))).toContain("is locked by a password");
  expect(await message(pdf([[], []]))).toContain("holds no text: a scan");
});

test("a PDF at the limit of pages is read, one page more is refused", async () => {
  const blank = Array.from({ length: pdfPagesMax - 1 }, (): SetLine[] => []);
  expect(await pdfPages("a.en.pdf", pdf([["Text."], ...blank]))).toHaveLength(pdfPagesMax);
  await expect(pdfPages("a.en.pdf", pdf([["Text."], ...blank, []]))).rejects.toThrow(/301 pages/);
});

test("a PDF with more text than anyone writes is refused", async () => {
  const page = Array.from({ length: 51 }, () => "x".repeat(100));
  const pages = Array.from({ length: 100 }, () => page);
  await expect(pdfPages("a.en.pdf", pdf(pages))).rejects.toThrow(
    /more than 500000 characters of text by page 100: split it/,
  );
});

test("of a PDF that is too much, no page is read beyond the limit, and what was opened is let go", async () => {
  const page = Array.from({ length: 99 }, (): SetLine => ({ text: "a".repeat(99), leading: 0.01 }));
  const opened = pdf(Array.from({ length: 120 }, () => page));
  const read: number[] = [];
  let destroyed = 0;
  vi.doMock("unpdf", async (original) => {
    const real = await original<typeof unpdf>();
    return {
      ...real,
      async getDocumentProxy(...given: Parameters<typeof real.getDocumentProxy>) {
        const document = await real.getDocumentProxy(...given);
        const { getPage } = document;
        document.getPage = (number) => {
          read.push(number);
          return getPage.call(document, number);
        };
        const { destroy } = document.loadingTask;
        document.loadingTask.destroy = () => {
          destroyed += 1;
          return destroy.call(document.loadingTask);
        };
        return document;
      },
    };
  });
  await expect(pdfPages("a.en.pdf", opened)).rejects.toThrow(/split it/);
  vi.doUnmock("unpdf");
  expect(Math.max(...read)).toBeLessThan(60);
  expect(destroyed).toBe(1);
});
