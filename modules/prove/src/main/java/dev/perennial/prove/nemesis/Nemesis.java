package dev.perennial.prove.nemesis;

import dev.perennial.app.dev.worker.WorkerProcess;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.TcpProxy;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.prove.arena.Arena;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import dev.perennial.prove.nemesis.Plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Does what the plan says, each step on a thread of its own, and heals it again. One target is hurt
 * in one way at a time. Thread-safe.
 */
public final class Nemesis {
  private static final Duration BACK = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(15);

  private final Arena arena;
  private final FaultLog log;
  private final Consumer<String> says;
  private final CountDownLatch called = new CountDownLatch(1);
  private final List<Thread> running = new ArrayList<>();
  private final ReentrantLock broker = new ReentrantLock();
  private final ReentrantLock redis = new ReentrantLock();
  private int faults;

  /**
   * @param says told in a line each what is done
   */
  public Nemesis(Arena arena, FaultLog log, Consumer<String> says) {
    this.arena = arena;
    this.log = log;
    this.says = says;
  }

  /** Goes through the plan; returns when all of it is healed. */
  public void run(long seed, Duration length) {
    run(Plan.of(seed, length));
  }

  void run(Plan plan) {
    long begin = System.nanoTime();
    for (Step step : plan.steps()) {
      long wait = step.at().toNanos() - (System.nanoTime() - begin);
      if (pause(Duration.ofNanos(Math.max(0, wait)))) {
        break;
      }
      running.add(Thread.ofVirtual().start(() -> guarded(step)));
      faults++;
    }
    running.forEach(Nemesis::join);
  }

  /** How many things have gone wrong so far. */
  public int faults() {
    return faults;
  }

  /** No more steps; what is going on is healed soon. */
  public void stop() {
    called.countDown();
  }

  /** True where it was called off. */
  private boolean pause(Duration length) {
    try {
      return called.await(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void guarded(Step step) {
    try {
      perform(step, new Random(step.dice()));
    } catch (RuntimeException e) {
      if (called.getCount() > 0) {
        says.accept(step.wound().text() + " did not go as meant: " + e);
      }
    }
  }

  private void perform(Step step, Random dice) {
    Duration length = step.length();
    switch (step.wound()) {
      case KILL_EXCHANGER -> kill(any(Role.EXCHANGER, dice), length);
      case KILL_SCHEDULER -> kill(any(Role.SCHEDULER, dice), length);
      case KILL_INGRESS -> kill(any(Role.INGRESS, dice), length);
      case KILL_CREDENTIALS -> kill(any(Role.CREDENTIALS, dice), length);
      case STOP_EXCHANGER, STOP_EXCHANGER_LONG -> stop(any(Role.EXCHANGER, dice), length);
      case STOP_SCHEDULER -> stop(any(Role.SCHEDULER, dice), length);
      case STOP_CREDENTIALS -> stop(any(Role.CREDENTIALS, dice), length);
      case ROLLING_RESTART -> rollingRestart();
      case KILL_BROKER -> killBroker(length);
      case KILL_REDIS -> killRedis(length);
      case FLUSH_REDIS -> flush();
      case CUT_REDIS_LINK, SLOW_REDIS_LINK, SILENT_REDIS_LINK -> {
        WorkerProcess worker = any(dice);
        hurt(
            step, "Redis", List.of(arena.redisLink(worker.name())), Kind.SERVER_LINK, worker, dice);
      }
      case CUT_KAFKA_LINK, SLOW_KAFKA_LINK, SILENT_KAFKA_LINK -> {
        WorkerProcess worker = any(dice);
        hurt(
            step, "Kafka", List.of(arena.kafkaLink(worker.name())), Kind.SERVER_LINK, worker, dice);
      }
      case CUT_PROVIDER_LINK, SLOW_PROVIDER_LINK, SILENT_PROVIDER_LINK -> {
        WorkerProcess worker = any(Role.EXCHANGER, dice);
        hurt(
            step,
            "providers",
            arena.providerLinks(worker.name()),
            Kind.PROVIDER_LINK,
            worker,
            dice);
      }
      case CLOCK_JUMP -> jump(any(dice), length, dice);
      default -> provider(step, dice);
    }
  }

  private WorkerProcess any(Role role, Random dice) {
    List<WorkerProcess> workers =
        arena.workers().stream().filter(worker -> worker.role() == role).toList();
    return workers.get(dice.nextInt(workers.size()));
  }

  private WorkerProcess any(Random dice) {
    return arena.workers().get(dice.nextInt(arena.workers().size()));
  }

  private void kill(WorkerProcess worker, Duration away) {
    alone(
        worker,
        () -> {
          try (FaultLog.Entry _ = log.begin(Kind.WORKER_KILLED, worker.name())) {
            says.accept("kill -9 " + worker.name() + ", back in " + away.toMillis() + " ms");
            worker.kill();
            pause(away);
            worker.start();
            worker.awaitStarted(BACK);
          }
          says.accept(worker.name() + " is back");
        });
  }

  private void stop(WorkerProcess worker, Duration length) {
    alone(
        worker,
        () -> {
          try (FaultLog.Entry _ = log.begin(Kind.WORKER_STOPPED, worker.name())) {
            says.accept("SIGSTOP " + worker.name() + " for " + length.toMillis() + " ms");
            worker.stop();
            pause(length);
            worker.resume();
          }
          says.accept("SIGCONT " + worker.name());
        });
  }

  private void rollingRestart() {
    says.accept("rolling restart of all workers");
    for (WorkerProcess worker : arena.workers()) {
      alone(
          worker,
          () -> {
            try (FaultLog.Entry _ = log.begin(Kind.WORKER_RESTARTED, worker.name())) {
              if (!worker.terminate(DRAIN)) {
                log.begin(Kind.WORKER_KILLED, worker.name()).close();
                says.accept(
                    worker.name() + " did not drain within " + DRAIN.toSeconds() + " s: killed");
              }
              worker.start();
              worker.awaitStarted(BACK);
            }
          });
    }
    says.accept("rolling restart done");
  }

  private void killBroker(Duration away) {
    broker.lock();
    try (FaultLog.Entry _ = log.begin(Kind.KAFKA, "")) {
      says.accept("kill -9 the broker, back in " + away.toMillis() + " ms");
      arena.kafka().kill();
      pause(away);
      arena.kafka().restart();
    } finally {
      broker.unlock();
    }
    says.accept("the broker is back");
  }

  private void killRedis(Duration away) {
    redis.lock();
    try (FaultLog.Entry _ = log.begin(Kind.REDIS, "")) {
      says.accept("kill -9 Redis, back in " + away.toMillis() + " ms");
      arena.redis().kill();
      pause(away);
      arena.restartRedis();
    } finally {
      redis.unlock();
    }
    says.accept("Redis is back");
  }

  private void flush() {
    redis.lock();
    try (FaultLog.Entry _ = log.begin(Kind.REDIS, "")) {
      says.accept("FLUSHALL");
      arena.flushRedis();
    } finally {
      redis.unlock();
    }
  }

  private void hurt(
      Step step, String where, List<TcpProxy> links, Kind kind, WorkerProcess worker, Random dice) {
    String way = "the way from " + worker.name() + " to " + where;
    Duration length = step.length();
    try (FaultLog.Entry _ = log.begin(kind, worker.name())) {
      switch (step.wound()) {
        case SLOW_REDIS_LINK, SLOW_KAFKA_LINK, SLOW_PROVIDER_LINK -> {
          Duration added = Duration.ofMillis(50 + dice.nextInt(700));
          says.accept(
              way + " is slow by " + added.toMillis() + " ms for " + length.toMillis() + " ms");
          links.forEach(link -> link.latency(added));
          pause(length);
          links.forEach(link -> link.latency(Duration.ZERO));
        }
        case SILENT_REDIS_LINK, SILENT_KAFKA_LINK, SILENT_PROVIDER_LINK -> {
          says.accept(way + " swallows everything for " + length.toMillis() + " ms");
          links.forEach(link -> link.blackhole(true));
          pause(length);
          links.forEach(link -> link.blackhole(false));
        }
        default -> {
          says.accept(way + " is cut");
          links.forEach(TcpProxy::cut);
        }
      }
    }
  }

  private void jump(WorkerProcess worker, Duration length, Random dice) {
    Duration by = Duration.ofSeconds(dice.nextBoolean() ? 30 : -20);
    try (FaultLog.Entry _ = log.begin(Kind.CLOCK, worker.name())) {
      says.accept(
          "the clock of "
              + worker.name()
              + " jumps by "
              + by.toSeconds()
              + " s for "
              + length.toMillis()
              + " ms");
      worker.shiftClock(by);
      pause(length);
      worker.shiftClock(Duration.ZERO);
    }
  }

  private void provider(Step step, Random dice) {
    List<String> providers = arena.providers().faulty();
    String name = providers.get(dice.nextInt(providers.size()));
    Fault fault = fault(step.wound(), dice);
    double share = 0.3 + 0.7 * dice.nextDouble();
    try (FaultLog.Entry _ = log.begin(Kind.PROVIDER, name)) {
      says.accept(
          "%s: %s for %d ms, %.0f %% of the calls"
              .formatted(name, step.wound().text(), step.length().toMillis(), share * 100));
      arena.providers().breakOne(name, share, step.dice(), fault);
      pause(step.length());
      arena.providers().mend(name);
    }
  }

  private static Fault fault(Wound wound, Random dice) {
    return switch (wound) {
      case PROVIDER_ERRORS -> Fault.status(500 + dice.nextInt(4));
      case PROVIDER_HANGS -> Fault.HANG;
      case PROVIDER_HANGS_AFTER_PROCESSING -> Fault.HANG_AFTER_PROCESSING;
      case PROVIDER_RESETS -> Fault.RESET_BEFORE_PROCESSING;
      case PROVIDER_RESETS_AFTER_PROCESSING -> Fault.RESET_AFTER_PROCESSING;
      case PROVIDER_THROTTLES -> Fault.tooManyRequests(Duration.ofSeconds(1 + dice.nextInt(3)));
      case PROVIDER_SLOW_BODIES -> Fault.slowBody(Duration.ofMillis(1 + dice.nextInt(12)));
      default -> throw new IllegalArgumentException(wound.text());
    };
  }

  /** A worker that is being hurt already is waited for. */
  private static void alone(WorkerProcess worker, Runnable step) {
    worker.lock().lock();
    try {
      step.run();
    } finally {
      worker.lock().unlock();
    }
  }
}
