package dev.perennial.app.console.page;

import dev.perennial.app.console.change.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plots as rectangles, for the templates to draw: the y axis goes down, and 100 is the height. */
public final class Bars {
  private static final List<String> LEFT_NAMES =
      List.of(
          "after the end", "under 1 min", "1 to 5 min", "5 to 15 min", "15 min to 1 h", "over 1 h");

  private Bars() {}

  /** One stacked bar for each sum; x counts bars. */
  public static Map<String, Object> stacked(List<Rates.Sum> sums, Duration each) {
    double most = sums.stream().mapToDouble(Bars::all).max().orElse(0);
    double top = top(most / each.toSeconds());
    List<Map<String, Object>> bars = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      bars.add(stack(i, sums.get(i), top * each.toSeconds()));
    }
    return Map.of("bars", bars, "top", Words.rate(top), "count", sums.size());
  }

  private static double all(Rates.Sum sum) {
    return (double) sum.refreshed() + sum.failed() + sum.ended();
  }

  private static Map<String, Object> stack(int x, Rates.Sum sum, double top) {
    double refreshed = height(sum.refreshed(), top);
    double failed = height(sum.failed(), top);
    double ended = height(sum.ended(), top);
    Map<String, Object> bar = new LinkedHashMap<>();
    bar.put("x", x);
    bar.put("refreshed", rectangle(100 - refreshed, refreshed));
    bar.put("failed", rectangle(100 - refreshed - failed, failed));
    bar.put("ended", rectangle(100 - refreshed - failed - ended, ended));
    return bar;
  }

  private static Map<String, Object> rectangle(double y, double height) {
    return Map.of("y", hundredths(y), "h", hundredths(height));
  }

  private static double height(long count, double top) {
    return top == 0 ? 0 : 100 * count / top;
  }

  private static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** A round number that is not below: 1, 2 or 5 and zeros. */
  static double top(double most) {
    if (most <= 0) {
      return 0;
    }
    double unit = Math.pow(10, Math.floor(Math.log10(most)));
    for (int times : new int[] {1, 2, 5}) {
      if (times * unit >= most) {
        return times * unit;
      }
    }
    return 10 * unit;
  }

  /** One row for each bin of {@link Rates#LEFT}, its width in hundredths of the largest. */
  public static List<Map<String, Object>> left(List<Long> counts) {
    long most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
    long all = counts.stream().mapToLong(Long::longValue).sum();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      long count = counts.get(i);
      rows.add(
          Map.of(
              "name",
              LEFT_NAMES.get(i),
              "count",
              Words.count(count),
              "share",
              all == 0 ? 0 : Math.round(100.0 * count / all),
              "width",
              most == 0 ? 0 : hundredths(100.0 * count / most),
              "late",
              i == 0));
    }
    return rows;
  }
}
