package dev.perennial.bench.row;

import dev.perennial.app.role.Interruption;
import dev.perennial.bench.bed.AotCache;
import dev.perennial.bench.bed.DueConnections;
import dev.perennial.bench.bed.Equipment;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.figure.Figure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all measurements of one run share. For one thread. */
public final class Run implements AutoCloseable {
  private static final int CONNECTIONS = 1_000_000;

  private final Path directory;
  private final Pace pace;
  private final Equipment equipment;
  private final Interruption interruption;
  private final Consumer<String> progress;
  private final List<Figure> measured = new ArrayList<>();
  private @Nullable TestBed bed;
  private @Nullable Pool pool;

  /**
   * @param directory for everything that it writes
   * @param progress gets a line now and then
   */
  public Run(
      Path directory,
      Pace pace,
      Equipment equipment,
      Interruption interruption,
      Consumer<String> progress) {
    this.directory = directory;
    this.pace = pace;
    this.equipment = equipment;
    this.interruption = interruption;
    this.progress = progress;
  }

  /** The user does not want to wait any longer. */
  public static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  public Pace pace() {
    return pace;
  }

  public Path directory() {
    return directory;
  }

  /** Started when it is first asked for. */
  TestBed bed() {
    TestBed current = bed;
    if (current == null) {
      say("starting Kafka, Redis and the token server");
      current = bed("bed", TestBed.FEW_SHARDS);
      bed = current;
    }
    return current;
  }

  /** Whether workers start with an AOT cache, unless their options say otherwise. */
  boolean hasCache() {
    return equipment.cache() != null;
  }

  /** What this run has measured so far. */
  List<Figure> measured() {
    return List.copyOf(measured);
  }

  /** Notes it for those that come after. */
  public void note(List<Figure> figures) {
    measured.addAll(figures);
  }

  /** Another one, the caller's to close. */
  TestBed bed(String name, int shards) {
    AotCache cache = equipment.cache();
    if (cache != null && !cache.exists()) {
      say("training the AOT cache of the workers, once for each build");
      AotCache trained = cache.inTraining();
      Training.train(
          this, () -> newBed("training", TestBed.FEW_SHARDS, equipment.inTraining(trained)));
      cache.take(trained);
    }
    return newBed(name, shards, equipment);
  }

  /** Connections in a Redis of their own, the caller's to close. */
  DueConnections dueConnections() {
    return new DueConnections(directory.resolve("due"), equipment.redisServer(), TestBed.SHARDS);
  }

  private TestBed newBed(String name, int shards, Equipment with) {
    return new TestBed(directory.resolve(name), shards, CONNECTIONS, with);
  }

  /** Connections that are healthy and not due; made when they are first asked for. */
  Pool pool() {
    Pool current = pool;
    if (current == null) {
      current = new Pool(this);
      pool = current;
    }
    return current;
  }

  /** A line of progress; also a place to stop at. */
  void say(String line) {
    goOn();
    progress.accept(line);
  }

  /**
   * @throws StoppedException where the user has asked to stop
   */
  void goOn() {
    if (interruption.asked()) {
      throw new StoppedException();
    }
  }

  /** Waits so long. */
  void pause(Duration time) {
    if (interruption.await(time)) {
      throw new StoppedException();
    }
  }

  @Override
  public void close() {
    Pool connections = pool;
    if (connections != null) {
      connections.close();
    }
    TestBed current = bed;
    if (current != null) {
      current.close();
    }
  }
}
