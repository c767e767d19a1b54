package dev.perennial.app.config;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long before something ends to say so, each once.
 *
 * @param all rising, each 1m to 3650d, at most 10; empty = never
 */
public record LeadTimes(List<Duration> all) {
  private static final String NONE = "none";
  private static final int MOST = 10;
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(3650);

  /**
   * @throws IllegalArgumentException where there are too many, or one is out of range
   */
  public LeadTimes {
    all = all.stream().distinct().sorted().toList();
    if (all.size() > MOST || !all.stream().allMatch(LeadTimes::fits)) {
      throw new IllegalArgumentException("expected at most 10 lead times of 1m to 3650d each");
    }
  }

  /**
   * Reads times separated by commas, or {@code none}.
   *
   * @throws IllegalArgumentException where it is neither
   */
  public static LeadTimes parse(String text) {
    return text.strip().equals(NONE)
        ? new LeadTimes(List.of())
        : new LeadTimes(
            Stream.of(text.split(",", -1)).map(String::strip).map(Durations::parse).toList());
  }

  private static boolean fits(Duration lead) {
    return lead.compareTo(SHORTEST) >= 0 && lead.compareTo(LONGEST) <= 0;
  }
}
