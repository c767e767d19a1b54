package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.CallbackClient;
import dev.perennial.bench.bed.Connections;
import dev.perennial.bench.bed.Publications;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.devstack.Ports;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a worker does so that it can leave an AOT cache: all roles in one process, which connect
 * some and refresh them often enough for the compilers to look at. The image's cache is trained
 * alike.
 */
final class Training {
  private static final int CONNECTIONS = 1_000;
  private static final int ROUNDS = 8;
  private static final int CALLBACKS_PER_SECOND = 50;
  private static final Duration CALLBACKS = Duration.ofSeconds(4);
  private static final Duration LIFE = Duration.ofHours(4);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Training() {}

  /**
   * @param start of a test bed whose workers write the cache as they end
   */
  static void train(Run run, Supplier<TestBed> start) {
    int port = Ports.free(0);
    try (TestBed bed = start.get();
        Worker _ = bed.worker("all", CallbackClient.ingress(port));
        Connections connections = new Connections(bed);
        CallbackClient people = new CallbackClient(port, bed.config());
        Publications publications = new Publications(bed.config())) {
      connections.make(0, CONNECTIONS, null, LIFE);
      for (int round = 0; round < ROUNDS; round++) {
        long wanted = publications.count() + CONNECTIONS;
        connections.sayDue(connections.states(0, CONNECTIONS));
        await(run, publications, wanted);
        run.say("training: %d refreshes".formatted((round + 1) * CONNECTIONS));
      }
      people.awaitAll(
          Arrivals.run(
              run,
              CALLBACKS_PER_SECOND,
              CALLBACKS,
              number -> people.comeBack(CONNECTIONS + number)));
      run.say("training: writing the cache");
    }
  }

  private static void await(Run run, Publications publications, long wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (publications.count() < wanted) {
      if (System.nanoTime() > end) {
        throw new BedException(
            "the worker in training does not refresh; logs in " + run.directory());
      }
      run.pause(LOOK);
    }
  }
}
