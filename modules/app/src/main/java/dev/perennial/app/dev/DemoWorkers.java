package dev.perennial.app.dev;

import dev.perennial.app.dev.worker.Addresses;
import dev.perennial.app.dev.worker.WorkerProcess;
import dev.perennial.app.dev.worker.WorkerProcess.WorkerSettings;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.StartProblems;
import dev.perennial.devstack.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The roles behind ingress as worker pools: two processes of each, which take over from each other.
 * They end with this process, however it ends.
 */
final class DemoWorkers implements AutoCloseable {
  private static final List<Role> POOLS = List.of(Role.EXCHANGER, Role.SCHEDULER, Role.CREDENTIALS);
  private static final int EACH = 2;
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final List<WorkerProcess> workers = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final PrintWriter out;
  private final Interruption interruption;

  /**
   * Starts them.
   *
   * @param wanted false: there are none, since one process does it all
   * @param configuration its {@code admin.port} is the first credentials worker's, over restarts
   */
  DemoWorkers(
      boolean wanted,
      Path directory,
      Map<String, String> configuration,
      Map<String, String> variables,
      PrintWriter out,
      Interruption interruption) {
    this.out = out;
    this.interruption = interruption;
    for (int number = 1; wanted && number <= EACH; number++) {
      for (Role role : POOLS) {
        Map<String, String> own = new LinkedHashMap<>(configuration);
        if (role != Role.CREDENTIALS || number != 1) {
          own.put("admin.port", Integer.toString(Ports.free(0)));
        }
        workers.add(worker(directory, own, variables, role, role.text() + "-" + number));
      }
    }
    workers.forEach(WorkerProcess::start);
  }

  private static WorkerProcess worker(
      Path directory,
      Map<String, String> configuration,
      Map<String, String> variables,
      Role role,
      String name) {
    return new WorkerProcess(
        new WorkerSettings(
            name,
            role,
            configuration,
            variables,
            Addresses.NONE,
            Integer.parseInt(Objects.requireNonNull(configuration.get("admin.port"))),
            directory,
            directory.resolve(name + ".log")));
  }

  /**
   * Waits until all of them say that all is well.
   *
   * @throws StartProblems where one has ended, or is not ready within three minutes
   */
  void awaitReady() {
    for (WorkerProcess worker : workers) {
      if (!awaitReady(worker) && !interruption.asked()) {
        throw new StartProblems(
            List.of(
                worker.name()
                    + (worker.isAlive()
                        ? " did not get ready. Is the machine busy? Without --restart-workers the"
                            + " demo is one process"
                        : " has ended: " + lastLine(worker.log()))));
      }
    }
  }

  private static String lastLine(Path log) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.reduce("it logged nothing", (_, line) -> line);
    } catch (IOException e) {
      return "its log cannot be read";
    }
  }

  private boolean awaitReady(WorkerProcess worker) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (worker.isAlive() && !isClosing() && !interruption.asked() && System.nanoTime() < end) {
      if (worker.ready()) {
        return true;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return false;
  }

  /** Restarts one after the other, each only when the one before it works again. */
  void restart(Duration every, boolean kill) {
    Thread.ofVirtual()
        .start(() -> {
          for (int next = 0; !closesWithin(every); next++) {
            restart(workers.get(next % workers.size()), kill);
          }
        });
  }

  private boolean closesWithin(Duration time) {
    try {
      return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void restart(WorkerProcess worker, boolean kill) {
    long begin = System.nanoTime();
    if (kill) {
      worker.kill();
    } else {
      worker.terminate(DRAIN);
    }
    if (!startAgain(worker)) {
      return;
    }
    boolean ready = awaitReady(worker);
    if (isClosing()) {
      return;
    }
    String how = kill ? "killed (-9)" : "stopped (SIGTERM)";
    String back = ready ? "back after " : "NOT back after ";
    out.println(
        "            "
            + worker.name()
            + " "
            + how
            + ", "
            + back
            + Progress.seconds(Duration.ofNanos(System.nanoTime() - begin)));
    out.flush();
  }

  /** Whoever closes must find every process that was started. */
  private synchronized boolean startAgain(WorkerProcess worker) {
    if (isClosing()) {
      return false;
    }
    worker.start();
    return true;
  }

  private synchronized void stopRestarting() {
    closing.countDown();
  }

  /** They drain, at the same time. */
  @Override
  public void close() {
    stopRestarting();
    List<Thread> draining =
        workers.stream()
            .map(worker -> Thread.ofVirtual().start(() -> worker.terminate(DRAIN)))
            .toList();
    for (Thread drain : draining) {
      try {
        drain.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    workers.forEach(WorkerProcess::close);
  }
}
