import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderInShell } from "../testing/render";
import { DaysChart, type Series, Sparkline } from ".";

const series: Series[] = [
  { id: "good", label: "Good", tone: "good", pattern: "solid" },
  { id: "bad", label: "Bad", tone: "bad", pattern: "stripes" },
];
const chart = (days?: { day: string; figures: Record<string, number> }[]) => (
  <DaysChart label="Requests" unit={["request", "requests"]} series={series} days={days} empty="No requests." />
);

test("a picture by day has its words before its figures, and says where there is nothing", async () => {
  const { rerender } = renderInShell(chart());
  expect(screen.getByText("Good")).toBeTruthy();
  expect(screen.getAllByText("…")).toHaveLength(2);
  rerender(chart([{ day: "2026-02-28", figures: {} }]));
  expect(screen.getByText("No requests.")).toBeTruthy();
  expect(screen.queryByRole("img")).toBeNull();
  rerender(
    chart([
      { day: "2026-02-28", figures: { good: 1 } },
      { day: "2026-03-01", figures: {} },
    ]),
  );
  // A day is the same day in every time zone.
  expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(
    /^Requests: 1 request in 2 days, 1 good\. Most on Saturday,? 28 February( 2026)?: 1\.$/,
  );
});

test("a sparkline goes from the first figure to the last, and is flat where there are none", () => {
  const points = (figures: number[]) => {
    const { container, unmount } = renderInShell(<Sparkline figures={figures} />);
    const line = container.querySelector("polyline")?.getAttribute("points");
    unmount();
    return line;
  };
  expect(points([0, 5, 10])).toBe("0.0,15.0 30.0,8.0 60.0,1.0");
  expect(points([0, 0])).toBe("0.0,15.0 60.0,15.0");
  expect(points([])).toBe("");
});
