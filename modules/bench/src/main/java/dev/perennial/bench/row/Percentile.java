package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import java.util.Arrays;

/** Of times that were taken one by one. Pure. */
final class Percentile {
  private Percentile() {}

  /**
   * The time that this part of them did not exceed.
   *
   * @param part above 0, at most 1
   * @throws BedException where there is none
   */
  static double of(double[] times, double part) {
    if (times.length == 0) {
      throw new BedException("no time was taken");
    }
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(sorted.length * part) - 1)];
  }
}
