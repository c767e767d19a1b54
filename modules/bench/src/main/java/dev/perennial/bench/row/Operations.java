package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.Connections;
import dev.perennial.bench.bed.MethodCounts;
import dev.perennial.bench.bed.RedisMemory;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.definition.ReuseWindow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What one refresh asks of everybody, counted and not timed: scripts and commands by Redis's own
 * statistics, records, requests, HTTP calls, seals and opens by the flight recorder of the
 * exchanger.
 */
public final class Operations implements Measurement {
  private static final int CONCURRENCY = 256;
  private static final int REFRESHES = 8_000;
  private static final int REPEATED = 200;

  /** Of their own: what is committed to them here never came from the token server. */
  private static final int FIRST = 800_000;

  /** Name of the figure by the method that is counted. */
  private static final Map<String, String> METHODS = methods();

  private static Map<String, String> methods() {
    Map<String, String> methods = new LinkedHashMap<>();
    methods.put("kafka.records_out", "org.apache.kafka.clients.producer.KafkaProducer::send");
    methods.put("kafka.requests", "org.apache.kafka.clients.NetworkClient::doSend");
    methods.put("redis.round_trips", "redis.clients.jedis.Connection::flush");
    methods.put("http.requests", "org.apache.hc.core5.http.impl.io.HttpRequestExecutor::execute");
    methods.put("crypto.opens", "dev.perennial.sealing.KeyRing::open");
    methods.put("crypto.seals", "dev.perennial.sealing.KeyRing::seal");
    return methods;
  }

  @Override
  public List<String> rows() {
    return List.of("refresh.operations");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    List<Figure> figures = new ArrayList<>();
    try (RedisMemory redis = new RedisMemory(run.bed().redis().uri())) {
      figures.addAll(inAll(run, redis));
      figures.addAll(byScript(run, redis));
    }
    return figures;
  }

  private static List<Figure> inAll(Run run, RedisMemory redis) {
    Path recording = run.directory().resolve("operations.jfr");
    run.pool().grow(REFRESHES);
    Map<String, Long> before;
    Map<String, Long> after;
    String option = MethodCounts.option(List.copyOf(METHODS.values()));
    try (RefreshLoad load = new RefreshLoad(run, CONCURRENCY, List.of(option))) {
      Collection<CredentialState> due = run.pool().turn(REFRESHES);
      run.pool().connections().claim(due);
      before = redis.calls();
      load.round(due);
      after = redis.calls();
      MethodCounts.dump(load.exchangerPid(), recording);
    }
    List<Figure> figures = new ArrayList<>();
    after.forEach((command, calls) -> {
      double each = (calls - before.getOrDefault(command, 0L)) / (double) REFRESHES;
      if (each >= 0.05) {
        figures.add(figure("redis." + command, each));
      }
    });
    MethodCounts counts = MethodCounts.read(recording);
    METHODS.forEach(
        (name, method) -> figures.add(figure(name, counts.of(method) / (double) REFRESHES)));
    return figures;
  }

  private static Figure figure(String name, double each) {
    return Figure.beside("operations." + name, "", Spread.once(each));
  }

  /** Commands that each script runs, without the background of other processes: repeated. */
  private static List<Figure> byScript(Run run, RedisMemory redis) {
    Connections connections = run.pool().connections();
    connections.make(FIRST, FIRST + REPEATED, null, Duration.ofHours(4));
    List<CredentialState> states = List.copyOf(connections.states(FIRST, FIRST + REPEATED));
    connections.claim(states);
    List<Begin.Attempt> attempts = new ArrayList<>();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        commands(
            "begin",
            redis,
            () -> states.forEach(state -> attempts.add(begin(connections, state)))));
    List<CredentialState> committed = new ArrayList<>();
    figures.add(
        commands(
            "commit",
            redis,
            () -> {
              for (int i = 0; i < REPEATED; i++) {
                committed.add(commit(connections, FIRST + i, states.get(i), attempts.get(i)));
              }
            }));
    figures.add(
        commands(
            "published",
            redis,
            () ->
                committed.forEach(state ->
                    connections.store().published(state.key(), state.grant(), state.version()))));
    return figures;
  }

  private static Figure commands(String script, RedisMemory redis, Runnable runs) {
    long before = sum(redis);
    runs.run();
    double each = (sum(redis) - before) / (double) REPEATED;
    return Figure.beside("operations.script." + script, "commands", Spread.once(Math.rint(each)));
  }

  /** Commands within scripts; the scripts themselves are not one of them. */
  private static long sum(RedisMemory redis) {
    return redis.calls().entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith("eval"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static Begin.Attempt begin(Connections connections, CredentialState state) {
    String attempt = UUID.randomUUID().toString();
    return switch (connections
        .store()
        .begin(state.key(), state.version(), attempt, ReuseWindow.NONE)) {
      case Begin.Begun(Begin.Attempt begun) -> begun;
      case Begin other -> throw new BedException(state.key() + " did not begin: " + other);
    };
  }

  private static CredentialState commit(
      Connections connections, int number, CredentialState state, Begin.Attempt attempt) {
    return switch (connections
        .store()
        .commit(state.key(), attempt, true, connections.refreshed(number))) {
      case Commit.Committed(var stored) -> stored.orElseThrow();
      case Commit other -> throw new BedException(state.key() + " was not stored: " + other);
    };
  }
}
