import type { Channel, Client } from "ssh2";

/** The parts of the SSH library's client, pinned by version, that its public functions give no way to. */
interface Internals {
  _protocol: {
    env: (channel: number, name: string, value: string, wantReply: boolean) => void;
    exec: (channel: number, command: string, wantReply: boolean) => void;
  };
  _chanMgr: { get: (channel: number) => Channel & { _callbacks: ((failed: unknown) => void)[] } };
}

/**
 * Makes the next command of the client wait until the server has answered for every variable. The
 * library sends them without asking for an answer. `mayGoOn` is told each refused name; once it says
 * no, the command is never sent.
 */
export function askForReplies(
  client: Client,
  count: number,
  mayGoOn: (name: string) => boolean,
): void {
  const { _protocol: protocol, _chanMgr: channels } = client as unknown as Internals;
  const sendVariable = protocol.env.bind(protocol);
  const sendCommand = protocol.exec.bind(protocol);
  let open = count;
  let isStopped = false;
  let whenAnswered: (() => void) | undefined;

  protocol.env = (channel, name, value) => {
    channels.get(channel)._callbacks.push((failed) => {
      open -= 1;
      if (failed !== false && !isStopped) isStopped = !mayGoOn(name);
      if (open === 0 && !isStopped) whenAnswered?.();
    });
    sendVariable(channel, name, value, true);
  };
  protocol.exec = (channel, command, wantReply) => {
    whenAnswered = () => sendCommand(channel, command, wantReply);
  };
}
