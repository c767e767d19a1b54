package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From the start of an exchanger's process until it says that it is ready (Redis and Kafka answer,
 * its groups are joined), with an AOT cache as the image has one, and what it resides in then;
 * beside it the same without the cache.
 */
public final class Start implements Measurement {
  private static final String ROLE = "exchanger";
  private static final String WITHOUT_CACHE = "-XX:AOTMode=off";
  private static final double MIB = 1 << 20;

  @Override
  public List<String> rows() {
    return List.of("start.ready_ms", "start.rss_mb");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    if (!run.hasCache()) {
      throw new BedException("an AOT cache is made of jars: run ./perennial bench");
    }
    TestBed bed = run.bed();
    List<Double> ready = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    for (int i = 1; i <= run.pace().alternations(); i++) {
      run.goOn();
      long begin = System.nanoTime();
      try (Worker worker = bed.worker(ROLE, Map.of())) {
        ready.add((System.nanoTime() - begin) / 1e6);
        resident.add(worker.residentBytes() / MIB);
      }
      begin = System.nanoTime();
      try (Worker _ = bed.worker(ROLE, Map.of(), List.of(WITHOUT_CACHE))) {
        plain.add((System.nanoTime() - begin) / 1e6);
      }
      run.say(
          "start: ready after %.0f ms with the cache, %.0f ms without"
              .formatted(ready.getLast(), plain.getLast()));
    }
    return List.of(
        Figure.local("start.ready_ms", "ms", Spread.of(ready), Target.atMost(1_500, 700)),
        Figure.beside("start.ready_ms.without_cache", "ms", Spread.of(plain)),
        Figure.local("start.rss_mb", "MiB", Spread.of(resident), Target.atMost(250, 150)));
  }
}
