package dev.perennial.bench.row;

import java.util.List;

/** All that can be measured, in the order in which it is. */
public final class Rows {
  private Rows() {}

  public static List<Measurement> all() {
    return List.of(
        RefreshRatio.busy(),
        RefreshRatio.waiting(),
        new Schedule(),
        new Operations(),
        new Callbacks(),
        new ScaleOut(),
        new Storm(),
        new ReadLocal(),
        new Parts(),
        new ReadApi(),
        new Start(),
        new InFlightMemory(),
        new Storage(),
        new ScaleModel());
  }
}
