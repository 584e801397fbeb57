import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { useResizeObserver } from "@mantine/hooks";
import { ResponsiveContainer } from "recharts";
import styles from "./DaysChart.module.css";
import { type DayFigures, figureText, totalOf } from "./days";
import { fillOf, type Series, Swatch, toneOf } from "./Patterns";
import { dayText, shortDayText } from "./text";

interface DaysPictureProps {
  /** The id with which the patterns of the series begin. */
  within: string;
  series: Series[];
  days: DayFigures[];
}

/** A day without one of 1,000 calls in it is not the same as a day with it, so every part is seen. In pixels. */
const leastHeight = 3;

/** How many days have their date under the bar; the last one always has. */
const mostNamed = 10;

/** In rem, so that it grows with the text. */
const tick = { fontSize: "0.75rem", fill: "currentColor" };

/**
 * The bars of a DaysChart. It is not reached with the keyboard: the table beside it has the same figures, and the
 * picture is described in words.
 */
export default function DaysPicture({ within, series, days }: DaysPictureProps) {
  const apart = Math.ceil(days.length / mostNamed);
  const named = days.map(({ day }) => day).filter((_, at) => (days.length - 1 - at) % apart === 0);
  const [box, { width, height }] = useResizeObserver();
  return (
    <div className={styles.box} ref={box}>
      {/* With a size of its own it draws nothing before it is measured; the library's measuring warns of that each time. */}
      {width > 0 && (
        <ResponsiveContainer width={width} height={height}>
          <BarChart
            h="100%"
            data={days.map(({ day, figures }) => ({ day, ...figures }))}
            dataKey="day"
            type="stacked"
            series={series.map((each) => ({ name: each.id, label: each.label, color: toneOf(each) }))}
            barProps={({ name }) => {
              const one = series.find(({ id }) => id === name);
              if (!one) return {};
              return {
                fill: fillOf(within, one),
                stroke: toneOf(one),
                strokeOpacity: 1,
                minPointSize: (_, index) => (days[index]?.figures[name] ? leastHeight : 0),
              };
            }}
            accessibilityLayer={false}
            gridAxis="x"
            tickLine="none"
            xAxisProps={{
              tickFormatter: shortDayText,
              tick: { ...tick, transform: "translate(0, 8)" },
              ticks: named,
              interval: 0,
            }}
            yAxisProps={{ width: "auto", allowDecimals: false, tick }}
            valueFormatter={figureText}
            barChartProps={{ margin: { top: 8, right: 4, bottom: 4, left: 0 }, barCategoryGap: "25%" }}
            tooltipProps={{
              content: ({ label }) => {
                const day = days.find((each) => each.day === label);
                return day && <DayTip within={within} series={series} day={day} />;
              },
            }}
          />
        </ResponsiveContainer>
      )}
    </div>
  );
}

/** What a day's bar is made of, in words and figures. */
function DayTip({ within, series, day }: { within: string; series: Series[]; day: DayFigures }) {
  return (
    <div className={styles.tip}>
      <p>{dayText(day.day)}</p>
      <dl>
        {[...series].reverse().map((each) => (
          <div key={each.id}>
            <dt>
              <Swatch within={within} series={each} />
              {each.label}
            </dt>
            <dd>{figureText(day.figures[each.id] ?? 0)}</dd>
          </div>
        ))}
        <div>
          <dt>All</dt>
          <dd>{figureText(totalOf(day, series))}</dd>
        </div>
      </dl>
    </div>
  );
}
