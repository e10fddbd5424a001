import { isChange, isReal, nameOf, type EngineEvent, type EventResource } from "./events";
import type { Active, Display, Outcome } from "./display";
import { isOver, stageOf, waitedFor, type Stage } from "./stages";

interface OpenStage {
  readonly stage: Stage;
  readonly started: number;
  /** What is worked on, by URN, and what it said last. */
  readonly at: Map<string, string>;
  /** Time since which nothing is worked on. */
  idleSince: number;
}

/** Why an update failed. */
export interface Failure {
  readonly stage?: Stage;
  /** Resource that failed; empty where the failure is no resource's. */
  readonly resource: string;
  /** What it wrote while it was worked on, all of it. */
  readonly lines: readonly string[];
  /** What the engine said of it. */
  readonly message: string;
}

const NOTICE = /^notice: (.*)/;

/** Turns the engine's events into stages with a begin and an end. */
export class Tracker {
  /** Failures in their order: the first is mostly the cause of the others. */
  readonly failures: Failure[] = [];
  /** Findings of the policy pack that stopped the update. */
  readonly policies: string[] = [];
  /** Real resources by what was done with them. */
  readonly counts = { changed: 0, same: 0 };
  /** The stack's outputs, secret ones masked; undefined until it has them. */
  outputs?: Readonly<Record<string, unknown>>;

  private readonly open = new Map<string, OpenStage>();
  private readonly written = new Map<string, string[]>();
  private readonly stages = new Map<string, Stage>();
  /** Resources that are in the middle of a notice. */
  private readonly noticing = new Set<string>();

  /**
   * @param display is told of begins and ends
   * @param removing whether the stack is being removed, which goes the way backwards
   * @param now clock in milliseconds
   */
  constructor(
    private readonly display: Display,
    private readonly removing: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  accept(event: EngineEvent): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent } =
      event;
    if (resourcePreEvent !== undefined) this.begin(resourcePreEvent.metadata);
    else if (resOutputsEvent !== undefined) this.finish(resOutputsEvent.metadata);
    else if (resOpFailedEvent !== undefined) this.finish(resOpFailedEvent.metadata);
    else if (diagnosticEvent !== undefined) this.hear(diagnosticEvent);
    else if (policyEvent !== undefined) this.judge(policyEvent);
  }

  /** What is under way, for the display. */
  active(): Active[] {
    return [...this.open.values()].map(({ stage, started, at }) => ({
      title: stage.title,
      seconds: (this.now() - started) / 1000,
      detail: [...at.values()].at(-1) ?? "",
    }));
  }

  /** The engine has ended: so have its stages. */
  end(): void {
    for (const [key, open] of this.open) {
      const hasFailed = this.failures.some(({ stage }) => stage?.key === key);
      this.close(open, hasFailed ? "failed" : open.at.size > 0 ? "stopped" : "done");
    }
  }

  private begin(resource: EventResource): void {
    if (!isReal(resource)) return;
    const stage = stageOf(resource, this.removing);
    if (stage === undefined || (!isChange(resource) && stage.key !== "refresh")) return;
    this.stages.set(resource.urn, stage);
    for (const open of this.open.values()) {
      if (open.at.size === 0 && isOver(open.stage, stage, resource, this.removing)) {
        this.close(open, "done");
      }
    }
    let open = this.open.get(stage.key);
    if (open === undefined) {
      open = { stage, started: this.now(), at: new Map(), idleSince: 0 };
      this.open.set(stage.key, open);
      this.display.started(stage.title);
    }
    open.at.set(resource.urn, waitedFor(resource));
  }

  private finish(resource: EventResource): void {
    if (resource.type === "pulumi:pulumi:Stack") this.outputs = resource.new?.outputs;
    if (!isReal(resource)) return;
    if (isChange(resource)) this.counts.changed += 1;
    else if (resource.op === "same") this.counts.same += 1;
    const open = this.open.get(this.stages.get(resource.urn)?.key ?? "");
    open?.at.delete(resource.urn);
    if (open?.at.size === 0) open.idleSince = this.now();
  }

  private hear({ urn = "", message, severity }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = message.trimEnd();
    if (severity === "error") this.fail(urn, text);
    else if (severity === "warning") this.display.say(`  ! ${text.replaceAll("\n", "\n    ")}`);
    else if (text !== "") {
      const lines = text.split("\n");
      this.written.set(urn, [...(this.written.get(urn) ?? []), ...lines]);
      for (const line of lines) this.notice(urn, line);
      const open = this.open.get(this.stages.get(urn)?.key ?? "");
      if (open?.at.has(urn) === true) open.at.set(urn, text.replace(NOTICE, "$1"));
    }
  }

  /** A notice of a host script stays, with the indented lines that follow it. */
  private notice(urn: string, line: string): void {
    const [, text] = NOTICE.exec(line) ?? [];
    if (text !== undefined) {
      this.noticing.add(urn);
      this.display.say(`  ! ${text}`);
    } else if (this.noticing.has(urn) && line.startsWith("  ")) this.display.say(`  ${line}`);
    else this.noticing.delete(urn);
  }

  private fail(urn: string, message: string): void {
    const stage = this.stages.get(urn);
    const resource = urn === "" || urn.includes("pulumi:pulumi:Stack") ? "" : nameOf(urn);
    this.failures.push({ stage, resource, lines: this.written.get(urn) ?? [], message });
    const open = this.open.get(stage?.key ?? "");
    if (open !== undefined) {
      open.at.delete(urn);
      this.close(open, /^cancel/i.test(message) ? "stopped" : "failed");
    }
  }

  private judge(event: NonNullable<EngineEvent["policyEvent"]>): void {
    const { message, policyName, enforcementLevel, resourceUrn = "" } = event;
    const text = `[${enforcementLevel}] ${policyName}: ${nameOf(resourceUrn)}: ${message.trim()}`;
    if (enforcementLevel === "mandatory") this.policies.push(text);
    else this.display.say(`  ! ${text}`);
  }

  private close(open: OpenStage, outcome: Outcome): void {
    this.open.delete(open.stage.key);
    const until = outcome === "done" && open.idleSince > 0 ? open.idleSince : this.now();
    this.display.ended(open.stage.title, (until - open.started) / 1000, outcome);
  }
}
