// A session that has ended answers the dashboard's requests with 401: go and log in again, to the same battery.
// Where no answer comes, a line above the charts says so, and the question is asked again until one comes or the
// dashboard asks another: its next by itself is a minute away.
const plainFetch = window.fetch;
const FIRST_WAIT_MILLISECONDS = 1_000;
const LONGEST_WAIT_MILLISECONDS = 15_000;

let asked = 0;
let failed = 0;
const latest = new Map();

/** Only an answer to a question of after the failure tells that all is well again. */
function tell(question, reached) {
  if (!reached) failed = Math.max(failed, question);
  const trouble = document.getElementById("trouble");
  if (trouble) trouble.hidden = question > failed || failed === 0;
}

/** Waits, and tells whether the question still stands then. */
async function stands(address, question, milliseconds) {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return latest.get(address) === question;
}

window.fetch = async (...request) => {
  const address = request[0] instanceof Request ? request[0].url : String(request[0]);
  let question = ++asked;
  latest.set(address, question);
  for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MILLISECONDS)) {
    const { answer, problem } = await plainFetch(...request).then(
      (answer) => ({ answer }),
      (problem) => ({ problem }),
    );
    if (answer?.status === 401) {
      const battery = /[?&](battery=\d+)/.exec(window.location.search)?.[1];
      window.location.assign(`/login?ended=1${battery ? `&${battery}` : ""}`);
      // The page is being left: nobody is to make anything of this answer.
      return new Promise(() => {});
    }
    const reached = answer !== undefined && answer.status < 500;
    tell(question, reached);
    if (reached) return answer;
    if (!(await stands(address, question, wait))) {
      if (answer) return answer;
      throw problem;
    }
    question = ++asked;
    latest.set(address, question);
  }
};
