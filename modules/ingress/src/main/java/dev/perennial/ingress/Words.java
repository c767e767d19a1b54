package dev.perennial.ingress;

import java.time.Duration;

/** Amounts in plain English. */
final class Words {
  private Words() {}

  /** E.g. {@code 10 minutes}; below a minute in seconds. */
  static String of(Duration duration) {
    long minutes = duration.toMinutes();
    return minutes > 0 ? counted(minutes, "minute") : counted(duration.toSeconds(), "second");
  }

  private static String counted(long amount, String unit) {
    return amount + " " + unit + (amount == 1 ? "" : "s");
  }
}
