package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.metric.ProcessMetrics;
import dev.perennial.credentials.RedisKeyHolders;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process with one or more roles: the composition root. The listeners answer at once, readiness
 * says no; {@link #run} waits for Redis and Kafka and lets the roles begin; {@link #close} stops
 * taking work, finishes what has begun, and lets go. Thread-safe.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration ASK = Duration.ofSeconds(2);

  private final Set<Role> roles;
  private final NodeOptions options;
  private final Foundation foundation;
  private final StartGate gate;
  private final Listeners listeners;
  private final KeyRingWatch ring;
  private final List<RunningRole> running = new CopyOnWriteArrayList<>();
  private volatile boolean started;
  private boolean closed;

  /**
   * Opens the listeners, and begins to look at Redis and Kafka.
   *
   * @param metrics of this process; stays the caller's to close
   * @throws StartProblems where a listener's port is taken
   */
  public Node(
      PerennialConfig config,
      Integrations integrations,
      LiveKeyRing ring,
      Set<Role> roles,
      NodeOptions options,
      ProcessMetrics metrics) {
    this.roles = Set.copyOf(roles);
    this.options = options;
    this.foundation = new Foundation(config, integrations, ring, options, metrics.meters());
    this.gate = new StartGate(foundation, ring);
    gate.begin(); // while the listeners open
    this.listeners = listeners(metrics);
    this.ring =
        new KeyRingWatch(
            ring,
            new RedisKeyHolders(foundation.redis, foundation.shards),
            roles,
            foundation.random);
  }

  private Listeners listeners(ProcessMetrics metrics) {
    try {
      return new Listeners(foundation, roles, options, this::checks, metrics::scrape);
    } catch (RuntimeException e) {
      gate.cancel();
      foundation.close();
      throw e;
    }
  }

  /**
   * Waits for Redis and Kafka, however long, and lets the roles begin.
   *
   * @return false where {@link #close} came first
   * @throws StartProblems where they are not set up as they must be
   */
  public boolean run() {
    tellWhatIsNotSetUp();
    if (!gate.pass()) {
      return false;
    }
    foundation.endpoint.awaitReady();
    synchronized (this) {
      if (closed) {
        return false;
      }
      ring.start(); // a ring that was refused is told to nobody
      Role.ordered(roles).forEach(this::begin);
      started = true;
    }
    return true;
  }

  /** An integration without its variables is no reason for the others not to run. */
  private void tellWhatIsNotSetUp() {
    List<String> untouched = new ArrayList<>();
    for (Integration integration : foundation.integrations.all()) {
      if (integration.missingVariables().isEmpty()) {
        continue;
      }
      if (integration.isSetUp()) {
        String names = String.join(", ", integration.missingVariables());
        LOG.warn("integration {} cannot be used yet: set {}", integration.slug(), names);
      } else {
        untouched.add(integration.slug());
      }
    }
    if (!untouched.isEmpty()) {
      LOG.info(
          "{} definitions have no values yet and are not used: {}",
          untouched.size(),
          String.join(", ", untouched));
    }
  }

  private void begin(Role role) {
    switch (role) {
      case INGRESS -> {} // answers since its listener opened
      case EXCHANGER -> running.add(new ExchangerRole(foundation, options));
      case SCHEDULER -> running.add(new SchedulerRole(foundation));
      case CREDENTIALS -> running.add(new CredentialsRole(foundation));
    }
    LOG.info("{} began", role.text());
  }

  /** Ends the wait of {@link #run}; what has begun goes on. */
  public void cancelStart() {
    gate.cancel();
  }

  /** The bound port of the public listener; -1 where this process is no ingress. */
  public int publicPort() {
    return listeners.publicPort();
  }

  /** The bound port of the admin listener. */
  public int adminPort() {
    return listeners.adminPort();
  }

  /** Whether every check of readiness is well. */
  public boolean ready() {
    return checks().stream().allMatch(Check::ready);
  }

  private List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    String redis = foundation.config.redis().uri().address().hosts();
    checks.add(
        foundation.redis.answers()
            ? Check.up("redis")
            : Check.down("redis", "Redis at " + redis + " does not answer"));
    checks.add(
        started
            ? Check.up("started")
            : Check.down(
                "started",
                "waiting for Redis at "
                    + redis
                    + " and Kafka at "
                    + foundation.config.kafka().bootstrapServers()));
    if (roles.contains(Role.INGRESS)) {
      checks.add(kafkaCheck());
    }
    running.forEach(role -> checks.addAll(role.checks()));
    return checks;
  }

  /** A callback cannot be taken without Kafka, and ingress has no consumer that would notice. */
  private Check kafkaCheck() {
    return new TopicAdmin(foundation.kafka, ASK).reachable(ASK)
        ? Check.up("kafka")
        : Check.down(
            "kafka",
            "Kafka at " + foundation.config.kafka().bootstrapServers() + " does not answer");
  }

  /** Callbacks end first, then every role drains at the same time, then all is let go. */
  @Override
  public void close() {
    gate.cancel();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      started = false;
    }
    listeners.closePublic();
    List<Thread> draining =
        running.stream().map(role -> Thread.ofVirtual().start(role::close)).toList();
    draining.forEach(Waiting::forEnd);
    listeners.close();
    ring.close();
    foundation.close();
    LOG.info("stopped");
  }
}
