package dev.perennial.bench.bed;

import java.time.Duration;

/** One worker process: roles as in production, drained when it is closed. Thread-safe. */
public final class Worker implements AutoCloseable {
  private final Child child;
  private final int adminPort;

  Worker(Child child, int adminPort) {
    this.child = child;
    this.adminPort = adminPort;
  }

  public long pid() {
    return child.pid();
  }

  /** Of its admin API, health and metrics. */
  public int adminPort() {
    return adminPort;
  }

  /** Processor time since it began. */
  public Duration processorTime() {
    return ProcessorTime.of(pid());
  }

  @Override
  public void close() {
    child.close();
  }
}
