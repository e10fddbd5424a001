// A session that has ended answers the dashboard's requests with 401: go and log in again.
const plainFetch = window.fetch;
window.fetch = async (...request) => {
  const answer = await plainFetch(...request);
  if (answer.status === 401) window.location.assign("/login");
  return answer;
};
