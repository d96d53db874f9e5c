// Charts are drawn from a table of the page, which stays one click away; colours are the page's tokens.
// SVG without animation and with rich-text tooltips sets no inline style, so the strict policy holds.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function base() {
  const ink = token("--ink-2");
  const axis = {
    axisLine: { lineStyle: { color: token("--line-2") } },
    axisTick: { show: false },
    axisLabel: { color: ink, fontSize: 12 },
    splitLine: { lineStyle: { color: token("--line") } },
  };
  const option = {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    legend: { top: 0, left: 0, itemWidth: 26, itemHeight: 8, itemGap: 16, textStyle: { color: ink, fontSize: 12 } },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: token("--surface"),
      borderColor: token("--line-2"),
      textStyle: { color: token("--ink"), fontSize: 13 },
    },
    grid: { left: 4, right: 40, top: 32, bottom: 4, containLabel: true },
  };
  return { axis, option };
}

// Line and mark differ as well, so that black and white print can be read.
const LOOKS = [
  ["--primary", "solid", "circle"],
  ["--met", "dotted", "rect"],
  ["--near", "dashed", "triangle"],
];

const BARS = ["--control", "--primary"];

const kinds = {
  lines({ rows, series }) {
    const { axis, option } = base();
    return {
      ...option,
      xAxis: { type: "category", data: rows, boundaryGap: false, ...axis, splitLine: { show: false } },
      yAxis: { type: "value", minInterval: 1, ...axis },
      series: series.map(({ name, values }, place) => {
        const [colour, type, symbol] = LOOKS[place];
        return {
          name,
          type: "line",
          data: values,
          symbol,
          symbolSize: 6,
          lineStyle: { color: token(colour), type, width: 2 },
          itemStyle: { color: token(colour) },
          endLabel: { show: true, formatter: "{c}", color: token("--ink"), fontSize: 12 },
          labelLayout: { moveOverlap: "shiftY" },
        };
      }),
    };
  },
  // One bar above the other for each row; the first row stands on top.
  bars({ rows, series }) {
    const { axis, option } = base();
    return {
      ...option,
      tooltip: { ...option.tooltip, axisPointer: { type: "shadow" } },
      xAxis: { type: "value", ...axis },
      yAxis: { type: "category", data: rows, inverse: true, ...axis, splitLine: { show: false } },
      series: series.map(({ name, values }, place) => ({
        name,
        type: "bar",
        data: values,
        barMaxWidth: 12,
        barGap: "20%",
        itemStyle: { color: token(BARS[place]) },
        label: { show: true, position: "right", color: token("--ink"), fontSize: 12 },
      })),
    };
  },
};

// The first column names the rows, each further one is a series.
function read(table) {
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const lines = [...table.tBodies[0].rows];
  return {
    rows: lines.map((line) => line.cells[0].textContent.trim()),
    series: names.map((name, place) => ({
      name,
      values: lines.map((line) => Number(line.cells[place + 1].textContent.replaceAll(",", ""))),
    })),
  };
}

export function draw() {
  const { echarts } = window;
  if (!echarts) return;
  for (const box of document.querySelectorAll("[data-chart]")) {
    box.classList.add("chart--drawn");
    const chart = echarts.getInstanceByDom(box) ?? echarts.init(box, null, { renderer: "svg" });
    chart.setOption(kinds[box.dataset.chart](read(document.getElementById(box.dataset.from))), true);
  }
}

draw();
document.addEventListener("hotline:theme", draw);
document.addEventListener("hotline:live", draw);
addEventListener("resize", () => {
  for (const box of document.querySelectorAll("[data-chart]")) window.echarts?.getInstanceByDom(box)?.resize();
});
