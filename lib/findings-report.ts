import { findingHead, findingLine, type Finding } from "./finding";

/** Findings of one file, as they are listed. */
export interface FileFindings {
  /** Name of the file as the reader knows it. */
  readonly file: string;
  readonly findings: readonly Finding[];
}

/** How findings are shown. */
export interface ReportStyle {
  /** Columns after which a line goes on below; not wrapped by default. */
  readonly width?: number;
  /** Whether keys and numbers stand out by colour. */
  readonly color?: boolean;
}

const NEXT_INDENT = 4;

/** Renders findings as one message: how many, then for each file the lines in their order, each with what to do. */
export function renderReport(
  stack: string,
  files: readonly FileFindings[],
  style: ReportStyle = {},
): string {
  const listed = files.map(({ file, findings }) => ({ file, findings: unique(findings) }));
  const count = listed.reduce((sum, { findings }) => sum + findings.length, 0);
  const bold = (text: string) => (style.color === true ? `\u001b[1m${text}\u001b[0m` : text);
  const head = `stack ${stack} can't be used: ${count} ${count === 1 ? "finding" : "findings"}, nothing was created or changed`;
  const blocks = listed
    .filter(({ findings }) => findings.length > 0)
    .map(({ file, findings }) => [bold(file), ...renderFile(findings, style, bold)].join("\n"));
  return [bold(head), ...blocks].join("\n\n");
}

function renderFile(
  findings: readonly Finding[],
  style: ReportStyle,
  bold: (text: string) => string,
): string[] {
  const sorted = [...findings].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const digits = Math.max(...sorted.map(({ line }) => String(line ?? "").length));
  const indent = digits === 0 ? 2 : digits + 4;
  const width = (style.width ?? Infinity) - indent;
  return sorted.flatMap((finding) => {
    const number = digits === 0 ? "" : `${String(finding.line ?? "").padStart(digits)}  `;
    const [first = "", ...more] = [
      ...wrap(findingHead(finding), width, NEXT_INDENT),
      ...wrap(finding.next, width - NEXT_INDENT, 0).map((line) => " ".repeat(NEXT_INDENT) + line),
    ];
    const [, key = "", rest = ""] = /^([^ ]*:)(.*)$/.exec(first) ?? [, first, ""];
    return [`  ${number}${bold(key)}${rest}`, ...more.map((line) => " ".repeat(indent) + line)];
  });
}

/** The same may be found twice, e.g. by two branches of a schema. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const text = findingLine(finding);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function wrap(text: string, width: number, hanging: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const isFull = line !== "" && line.length + 1 + word.length > width;
    if (isFull) lines.push(line);
    const start = lines.length === 0 ? "" : " ".repeat(hanging);
    line = isFull ? start + word : line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
