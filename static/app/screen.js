// 大屏: the parts arrive by htmx; this says so when they do not any more (网络断了, 服务停了).
const STALE_AFTER = 10; // minutes: two rounds were missed
const MINUTE = 60000;
const readAt = new Map();

function stamp() {
  const mark = document.getElementById("screen-stamp");
  if (!mark) return;
  // Counted from when the browser received it: the clock of a screen on a wall is rarely right.
  if (!readAt.has(mark)) {
    readAt.clear();
    readAt.set(mark, Date.now());
  }
  const minutes = Math.floor((Date.now() - readAt.get(mark)) / MINUTE);
  if (minutes >= STALE_AFTER) {
    mark.textContent = `数据已 ${minutes} 分钟未更新`;
    mark.className = "t-amber";
  }
}

// What cannot be the screen (an error, a log-in) must not take its place.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.responseText.includes('id="screen"')) event.detail.shouldSwap = false;
});
stamp();
setInterval(stamp, MINUTE / 4);
document.addEventListener("htmx:afterSettle", stamp);
