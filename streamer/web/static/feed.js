// The daemon's events, as long as the page lives: it goes on where it was, whoever of the two was away.
const AGAIN = 1000; // milliseconds until the next try
const SILENT = 5000; // of a feed that is open and says nothing: the daemon hangs

export function listen(after, hear, miss) {
  let last = after;
  let source = null;
  let alarm = 0;

  function expect() {
    clearTimeout(alarm);
    alarm = setTimeout(lose, SILENT);
  }

  function lose() {
    clearTimeout(alarm);
    source.close();
    miss();
    setTimeout(open, AGAIN);
  }

  function open() {
    source = new EventSource("api/v1/events" + (last ? `?after=${encodeURIComponent(last)}` : ""));
    source.onmessage = (event) => {
      expect();
      last = event.lastEventId;
      hear(JSON.parse(event.data));
    };
    source.onerror = lose;
    expect();
  }

  open();
}
