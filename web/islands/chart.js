// A chart over time. Mounted on [data-chart='{"series": [{name, look, points: [[day, number]]}], "stacked", "percent"}'];
// the page has the same numbers as a table, so the drawing is a picture to a screen reader.
import * as echarts from 'echarts/core';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const LOOKS = {
  red: '#b8211a',
  yellow: '#d99a13',
  green: '#1f8a53',
  blue: '#1a5290',
  grey: '#8b96a1',
  plan: '#55626f',
};
const INK = '#55626f';
const LINE = '#dfe4ea';

function series({ name, look, points }, { stacked }) {
  const area = stacked ? { stack: 'all', areaStyle: { opacity: 0.75 }, symbol: 'none', step: 'end' } : {};
  const line = { width: stacked ? 1 : 2, type: look === 'plan' ? 'dashed' : 'solid' };
  return { type: 'line', name, data: points, color: LOOKS[look], lineStyle: line, symbolSize: 7, ...area };
}

function options(given, font) {
  const unit = given.percent ? '%' : '';
  const text = { color: INK, fontFamily: font, fontSize: 12 };
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    textStyle: text,
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text, data: given.series.map((one) => one.name) },
    // Rich text, not HTML: the policy of the page allows no inline style
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: (value) => `${value}${unit}` },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: LINE } },
      axisLabel: { ...text, hideOverlap: true, formatter: { year: '{yyyy}', month: '{MM}-{dd}', day: '{MM}-{dd}' } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: given.percent ? 100 : undefined,
      minInterval: 1,
      axisLabel: { ...text, formatter: `{value}${unit}` },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: given.series.map((one) => series(one, given)),
  };
}

for (const mount of document.querySelectorAll('[data-chart]')) {
  const given = JSON.parse(mount.dataset.chart);
  const chart = echarts.init(mount);
  chart.setOption(options(given, getComputedStyle(document.body).fontFamily));
  new ResizeObserver(() => chart.resize()).observe(mount);
  addEventListener('beforeprint', () => chart.resize());
}
