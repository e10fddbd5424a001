import { createLogUpdate } from "log-update";
import {
  oneLine,
  paint,
  renderEnded,
  renderStage,
  type Active,
  type Display,
  type Outcome,
} from "./display";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** On a terminal: one line for each stage that is over, and below them a block of what is under way. */
export class LiveDisplay implements Display {
  private readonly block: ReturnType<typeof createLogUpdate>;
  private readonly timer: NodeJS.Timeout;
  private frame = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly active: () => readonly Active[],
  ) {
    this.block = createLogUpdate(stream, { showCursor: true });
    this.timer = setInterval(() => this.draw(), FRAME_MS);
    this.timer.unref();
  }

  started(): void {
    this.draw();
  }

  ended(title: string, seconds: number, outcome: Outcome, note?: string): void {
    this.say(renderEnded(this.stream, title, seconds, outcome, note));
  }

  say(line: string): void {
    this.block.clear();
    this.stream.write(`${line}\n`);
    this.draw();
  }

  close(): void {
    clearInterval(this.timer);
    this.block.clear();
  }

  private draw(): void {
    this.frame += 1;
    const spinner = paint(this.stream, "cyan", FRAMES[this.frame % FRAMES.length] ?? "");
    const width = this.stream.columns;
    const lines = this.active().map(({ title, seconds, detail }) => {
      const left = renderStage(title, seconds);
      const rest = oneLine(detail, width - left.length - 7);
      return `  ${spinner} ${left}  ${paint(this.stream, "dim", rest)}`;
    });
    this.block(lines.join("\n"));
  }
}
