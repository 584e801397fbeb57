/** Who can call the local API, in the words of the form and of those who may only look. */
export const callers = {
  here: {
    label: "Programs on this computer",
    text: "No other machine can reach it.",
  },
  network: {
    label: "On the office network too",
    text: "Other machines in the office call it over TLS only, with keys that name the addresses they may come from. Systems on the internet cannot reach it unless the office's network lets them.",
  },
};
