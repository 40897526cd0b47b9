// History charts (ECharts, SVG). Put on a page by templates/_components/chart.html; the page loads
// vendor/echarts.common.min.js before this module. The data element holds JSON:
// {
//   "unit": "天", "direction": "越低越好",
//   "series": [{ "name": "报装时间", "points": [["2026-10-01", 6.5], …] }],   at most 4; values hold until changed
//   "lines": [{ "name": "前沿", "value": 4 }],                               dashed, labelled directly
//   "categories": ["6月", "7月", …]      optional: one point a period ([period, value]), joined and not held
// }
const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(name).trim();
// ECharts writes fonts as style attributes, which the Content-Security-Policy forbids; the same text set
// through the style object is allowed.
const setAttribute = SVGElement.prototype.setAttribute;
SVGElement.prototype.setAttribute = function (name, value) {
  if (name === "style") this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

const DATES = { year: "{yyyy}年", month: "{M}月", day: "{M}/{d}" };
const DASHES = ["solid", "dashed", "dotted", [6, 2, 2, 2]];

function options(data) {
  const values = [...data.series.flatMap((one) => one.points.map((point) => point[1])), ...data.lines.map((line) => line.value)];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low) * 0.1 || 1;
  const isShare = data.unit === "%" && high <= 100;
  const axisWords = { color: token("--ink-500"), hideOverlap: true };
  const moves = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: moves,
    aria: { enabled: false }, // the figure itself carries the sentence and the table
    color: [1, 2, 3, 4].map((index) => token(`--chart-${index}`)),
    textStyle: { fontFamily: token("--font-ui") },
    // Several lines are named above; a single one is named by the page.
    legend: data.series.length > 1 ? { top: 0, right: 16, itemWidth: 36, textStyle: { color: token("--ink-700") } } : undefined,
    grid: { left: 48, right: data.lines.length ? 96 : 24, top: 36, bottom: 28 },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value == null ? "—" : `${value} ${data.unit}`) },
    xAxis: data.categories
      ? { type: "category", data: data.categories, axisLabel: axisWords }
      : {
          type: "time",
          axisLabel: { ...axisWords, formatter: DATES },
          axisPointer: { label: { show: false, formatter: ({ value }) => new Date(value).toLocaleDateString("zh-CN") } },
        },
    yAxis: {
      type: "value",
      name: data.direction ? `${data.unit}（${data.direction}）` : data.unit,
      nameTextStyle: { color: token("--ink-500"), align: "left" },
      min: Math.max(0, isShare ? Math.floor((low - room) / 10) * 10 : Math.floor(low - room)),
      max: isShare ? 100 : Math.ceil(high + room),
      splitLine: { lineStyle: { color: token("--chart-grid") } },
      axisLabel: { color: token("--ink-500") },
    },
    series: data.series.map((one, index) => ({
      name: one.name,
      type: "line",
      step: data.categories ? false : "end",
      data: one.points,
      symbolSize: 5,
      lineStyle: { width: 2, type: DASHES[index] },
      markLine: index === 0 ? referenceLines(data.lines) : undefined,
    })),
  };
}

function referenceLines(lines) {
  const words = new Map(); // lines on the same height share one label
  for (const line of lines) words.set(line.value, [...(words.get(line.value) || []), line.name]);
  return {
    silent: true,
    symbol: "none",
    lineStyle: { type: "dashed", color: token("--ink-500") },
    label: { position: "end", color: token("--ink-700"), formatter: "{b}" },
    data: [...words].map(([value, names]) => ({ name: `${names.join("、")} ${value}`, yAxis: value })),
  };
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  if (!data.series.some((one) => one.points.length)) continue;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption(options(data));
  window.addEventListener("resize", () => chart.resize());
}
