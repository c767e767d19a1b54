package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.ConsentJournaled;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One random history of two connections of a shard on a real Redis: workers that are cranked by
 * hand and may die at every step, publications that arrive late or never, a Redis that is emptied
 * or goes back, two owners, and a provider that rotates. Time passes by moving every time in Redis
 * into the past. The rules of the protocol for those who live are kept: nobody sends after the
 * deadline, and whoever holds an answer has stored or journaled it before a probe can begin.
 */
final class History {
  private static final AttemptTimes TIMES = AttemptTimes.DEFAULT;
  private static final Duration[] PAUSES = {
    Duration.ofSeconds(10), Duration.ofSeconds(50), Duration.ofSeconds(125), Duration.ofMinutes(10)
  };

  /** Every grant ends within it, and has been known to for longer. */
  private static final Duration LEAD = Duration.ofDays(14);

  /** Before this an answer is stored or journaled, unless its worker died. */
  private static final Duration SETTLED = TIMES.lease().plus(TIMES.delivery()).minusSeconds(1);

  private static final int SHARD = 0;
  private static final Optional<Taken> NOTHING_TO_SAY = Optional.of(new Taken(Optional.empty()));

  /** Who is at work on a connection: first with an attempt, then with what came of it. */
  private static final class Worker {
    final ConnectionKey key;
    final Duration begun;
    final long grant;
    Begin.@Nullable Attempt attempt;
    @Nullable IssuedTokens answer;
    @Nullable Failure failure;

    Worker(ConnectionKey key, Duration begun, long grant) {
      this.key = key;
      this.begun = begun;
      this.grant = grant;
    }
  }

  /** A publication that was sent and has not arrived. */
  private record Sent(CredentialState state, Duration at) {}

  /** Redis took an answer, or needs it no more. */
  private record Taken(Optional<CredentialState> state) {}

  private record Backup(Map<String, byte[]> keys, Duration at) {}

  private final RedisConnections redis;
  private final RandomGenerator random;
  private final RedisCredentialStore store;
  private final RedisPendingAuthorizations pending;
  private final MemoryTopics topics = new MemoryTopics(SHARDS);
  private final RotatingProvider provider = new RotatingProvider();
  private final List<ConnectionKey> keys;
  private final List<ShardOwner> owners;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private final Map<String, CredentialState> given = new HashMap<>();
  private final Map<ConnectionKey, CredentialState> seen = new HashMap<>();
  private final Set<Long> excused = new HashSet<>();
  private final List<String> trace = new ArrayList<>();
  private final List<SealedItem> read = new ArrayList<>();
  private final SealedScan scan;
  private final Resealing resealing;
  private int sealings;
  private @Nullable Backup backup;
  private Duration elapsed = Duration.ZERO;
  private int attempts;
  private int losses;

  History(RedisConnections redis, RandomGenerator random) {
    this.redis = redis;
    this.random = random;
    this.store = new RedisCredentialStore(redis, SHARDS, TIMES);
    this.pending =
        new RedisPendingAuthorizations(redis, SHARDS, new SealedPayloads(new Unsealed()));
    this.keys =
        Stream.iterate(0, i -> i + 1)
            .map(i -> new ConnectionKey("google", "c" + i))
            .filter(key -> SHARDS.of(key) == SHARD)
            .limit(2)
            .toList();
    this.owners = List.of(owner(), owner());
    this.scan = new SealedScan(redis, SHARDS);
    this.resealing = new Resealing(redis, SHARDS, this::sayNow, new Anew());
    empty();
  }

  private ShardOwner owner() {
    return new ShardOwner(
        SHARD,
        new ShardOwner.Tools(
            redis,
            SHARDS,
            TIMES,
            store,
            new RedisCodeRecords(redis, SHARDS, TIMES),
            topics,
            topics.topic,
            topics.journal,
            _ -> true,
            InstantSource.system(),
            List.of(LEAD)));
  }

  /** What happened, the latest last. */
  List<String> trace() {
    return trace;
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      keys.forEach(this::neverBack);
    }
    end();
  }

  private void step() {
    int dice = random.nextInt(215);
    if (dice < 50) {
      turn(owners.get(random.nextInt(owners.size())));
    } else if (dice < 90) {
      begin(any(keys));
    } else if (dice < 140) {
      work();
    } else if (dice < 165) {
      arrive();
    } else if (dice < 178) {
      pass(PAUSES[random.nextInt(PAUSES.length)]);
    } else if (dice < 187) {
      consent(any(keys));
    } else if (dice < 189) {
      delete(any(keys));
    } else if (dice < 192) {
      die();
    } else if (dice < 195) {
      backup = backup();
      trace.add("backup");
    } else if (dice < 197) {
      lose();
    } else if (dice < 212) {
      reseal();
    } else {
      topics.unreached += random.nextInt(2);
      topics.unheard += random.nextInt(2);
    }
  }

  private void turn(ShardOwner owner) {
    try {
      owner.turn();
    } catch (UnavailableException e) {
      trace.add("owner " + e.getMessage());
    }
  }

  private void begin(ConnectionKey key) {
    long version = version(key);
    String id = "a" + attempts++;
    Begin answer;
    try {
      answer = store.begin(key, version, id, ReuseWindow.NONE);
    } catch (NotReadyException e) {
      return;
    }
    trace.add(key + " begin " + version + " " + id + ": " + answer.getClass().getSimpleName());
    if (answer instanceof Begin.Begun(Begin.Attempt attempt)) {
      Worker worker = new Worker(key, elapsed, attempt.grant());
      worker.attempt = attempt;
      workers.add(worker);
    } else if (answer instanceof Begin.Unpublished(CredentialState state)) {
      say(state);
    }
  }

  /** Mostly the current one; events come twice and late. */
  private long version(ConnectionKey key) {
    List<CredentialState> on = onTopic(key);
    if (random.nextInt(4) == 0 && !on.isEmpty()) {
      return any(on).version();
    }
    return store.find(key).map(CredentialState::version).orElse(1L);
  }

  private void work() {
    if (!workers.isEmpty()) {
      work(any(workers));
    }
  }

  private void work(Worker worker) {
    if (worker.answer != null) {
      store(worker, worker.answer);
    } else if (worker.failure != null) {
      fail(worker, worker.failure);
    } else {
      send(worker, Objects.requireNonNull(worker.attempt));
    }
  }

  private void send(Worker worker, Begin.Attempt attempt) {
    if (attempt.stage() > 0) { // an earlier worker was answered; what follows spends nothing
      worker.answer = tokens(text(attempt.sealed()));
      return;
    }
    String token = text(attempt.sealed());
    boolean late = elapsed.minus(worker.begun).compareTo(TIMES.deadline()) > 0;
    if (late || random.nextInt(12) == 0 || (attempt.probe() && !stillCurrent(worker, attempt))) {
      worker.failure = failure(Kind.NOT_SENT, null);
      return;
    }
    if (provider.isSpent(token) && !provider.isRevoked(worker.grant)) {
      assertThat(holders(worker.grant))
          .as("who held the successor while %s was sent again by %s", token, attempt.id())
          .isEmpty();
    }
    int dice = random.nextInt(40);
    if (dice < 4) {
      worker.failure = failure(dice < 2 ? Kind.THROTTLED : Kind.UNAVAILABLE, null);
      return;
    }
    boolean granted = provider.refresh(token);
    trace.add(worker.key + " " + attempt.id() + " sends " + token + (granted ? "" : ", refused"));
    if (!granted) {
      worker.failure = failure(Kind.REFUSED, null);
    } else if (dice == 4) {
      excused.add(worker.grant);
      worker.failure = failure(Kind.NO_ANSWER, null);
    } else if (dice == 5) {
      excused.add(worker.grant);
      worker.failure = failure(Kind.UNREADABLE, sealed(provider.current(worker.grant)));
    } else {
      worker.answer = tokens(provider.current(worker.grant));
    }
  }

  private boolean stillCurrent(Worker worker, Begin.Attempt attempt) {
    return store
        .find(worker.key)
        .filter(state -> state.grant() == attempt.grant())
        .filter(state -> state.tokenGen() == attempt.tokenGen())
        .isPresent();
  }

  /** Who has the only refresh token of the grant that still works. */
  private List<String> holders(long grant) {
    String successor = provider.current(grant);
    List<String> holders = new ArrayList<>();
    for (ConnectionKey key : keys) {
      store.find(key).filter(s -> holds(s, successor)).ifPresent(_ -> holders.add("Redis"));
      String staged = redis.call(client -> client.hget(layout().connection(key), "staged"));
      if (staged != null && successor.equals(text(sealed(staged)))) {
        holders.add("Redis, between follow-ups");
      }
    }
    if (topics.states(SHARD).stream().anyMatch(s -> holds(s, successor))) {
      holders.add("the topic");
    }
    if (sent.stream().anyMatch(s -> holds(s.state(), successor))) {
      holders.add("a publication");
    }
    if (workers.stream().anyMatch(w -> w.answer != null && holds(w.answer, successor))) {
      holders.add("a worker");
    }
    for (Event event : topics.journal.events(SHARD)) {
      if (event instanceof AnswerJournaled answer && holds(answer.tokens(), successor)) {
        holders.add("the journal");
      } else if (event instanceof ConsentJournaled consent && holds(consent.tokens(), successor)) {
        holders.add("the journal");
      }
    }
    return holders;
  }

  /** The answer goes to Redis, to the journal, or to both where Redis took it unheard. */
  private void store(Worker worker, IssuedTokens tokens) {
    boolean heard = false;
    try {
      if (random.nextInt(10) > 0) {
        Optional<Taken> taken = toRedis(worker, tokens);
        heard = taken.isPresent() && random.nextInt(10) > 0;
        if (heard) {
          taken.flatMap(Taken::state).ifPresent(this::say);
        }
      }
    } catch (UnavailableException e) {
      trace.add(worker.key + " not ready for " + text(tokens.sealed()));
    }
    if (!heard) {
      journal(worker, tokens);
    } else if (random.nextInt(10) == 0) {
      return; // and once more
    }
    workers.remove(worker);
  }

  /** Empty where Redis does not know the connection. */
  private Optional<Taken> toRedis(Worker worker, IssuedTokens tokens) {
    Begin.Attempt attempt = worker.attempt;
    if (attempt == null) {
      Put put = store.put(worker.key, worker.grant, "auth-" + worker.grant, tokens);
      trace.add(worker.key + " put " + worker.grant + ": " + put.getClass().getSimpleName());
      return switch (put) {
        case Put.Stored(CredentialState state) -> taken(state);
        case Put.Already(CredentialState state) -> taken(state);
        case Put.Superseded _ -> NOTHING_TO_SAY;
      };
    }
    if (attempt.stage() == 0 && random.nextInt(4) == 0) {
      return stage(worker, attempt, tokens);
    }
    Commit commit = store.commit(worker.key, attempt, true, tokens);
    trace.add(worker.key + " commit " + attempt.id() + ": " + commit.getClass().getSimpleName());
    return switch (commit) {
      case Commit.Committed(var state) -> Optional.of(new Taken(state.map(this::noted)));
      case Commit.Already(CredentialState state) -> taken(state);
      case Commit.Missing _ -> Optional.empty();
      case Commit.Superseded _, Commit.Deleted _ -> NOTHING_TO_SAY;
    };
  }

  /** A follow-up request is to come; the worker may die before, or go on from there later. */
  private Optional<Taken> stage(Worker worker, Begin.Attempt attempt, IssuedTokens tokens) {
    worker.attempt = nextStage(attempt, tokens); // whether Redis takes it or not
    Commit commit = store.commit(worker.key, attempt, false, tokens);
    trace.add(worker.key + " stage " + attempt.id() + ": " + commit.getClass().getSimpleName());
    return switch (commit) {
      case Commit.Committed _, Commit.Already _ -> {
        Worker next = new Worker(worker.key, elapsed, worker.grant);
        next.attempt = worker.attempt;
        next.answer = tokens;
        workers.add(next);
        yield NOTHING_TO_SAY;
      }
      case Commit.Missing _ -> Optional.empty();
      case Commit.Superseded _, Commit.Deleted _ -> NOTHING_TO_SAY;
    };
  }

  private static Begin.Attempt nextStage(Begin.Attempt attempt, IssuedTokens tokens) {
    return new Begin.Attempt(
        attempt.id(),
        1,
        attempt.grant(),
        attempt.tokenGen(),
        tokens.sealed(),
        attempt.failures(),
        attempt.at(),
        false);
  }

  private Optional<Taken> taken(CredentialState state) {
    return Optional.of(new Taken(Optional.of(noted(state))));
  }

  private void journal(Worker worker, IssuedTokens tokens) {
    Begin.Attempt attempt = worker.attempt;
    Event event =
        attempt == null
            ? new ConsentJournaled(
                worker.key, "auth-" + worker.grant, worker.grant, tokens, Instant.EPOCH)
            : new AnswerJournaled(
                worker.key,
                attempt.id(),
                attempt.stage(),
                true,
                attempt.grant(),
                attempt.tokenGen(),
                tokens,
                Instant.EPOCH);
    topics.journal.append(SHARD, event);
    trace.add(worker.key + " journal " + text(tokens.sealed()));
  }

  private void fail(Worker worker, Failure failure) {
    try {
      Begin.Attempt attempt = Objects.requireNonNull(worker.attempt);
      Optional<CredentialState> state = store.fail(worker.key, attempt, failure);
      trace.add(worker.key + " " + attempt.id() + " " + failure.kind() + " " + state.isPresent());
      state.map(this::noted).ifPresent(this::say);
      workers.remove(worker);
    } catch (NotReadyException e) {
      trace.add(worker.key + " not ready for a failure");
    }
  }

  private void say(CredentialState state) {
    sent.add(new Sent(state, elapsed));
  }

  /** Acknowledged, as a publication is that somebody waits for; it stands on the topic then. */
  private void sayNow(Event event) {
    topics.publish(event);
    if (event instanceof CredentialUpdated(CredentialState state)) {
      noted(state);
      trace.add(state.key() + " sealed anew on the topic " + brief(state));
    }
  }

  /** Some publication arrives, not always the oldest; its mark may be forgotten. */
  private void arrive() {
    if (!sent.isEmpty()) {
      arrive(sent.remove(random.nextInt(sent.size())));
    }
  }

  private void arrive(Sent publication) {
    CredentialState state = publication.state();
    topics.topic.append(SHARD, new CredentialUpdated(state));
    trace.add(state.key() + " on the topic " + brief(state));
    if (random.nextInt(4) > 0) {
      try {
        store.published(state.key(), state.grant(), state.version());
      } catch (NotReadyException e) {
        trace.add("not ready for a mark");
      }
    }
  }

  private void consent(ConnectionKey key) {
    try {
      Worker worker = new Worker(key, elapsed, pending.nextGrant(key).number());
      worker.answer = tokens(provider.consent(worker.grant));
      workers.add(worker);
      trace.add(key + " consent " + worker.grant);
    } catch (NotReadyException e) {
      trace.add("not ready for a consent");
    }
  }

  private void delete(ConnectionKey key) {
    try {
      store.delete(key, pending.nextGrant(key).number()).map(this::noted).ifPresent(this::say);
      trace.add(key + " delete");
    } catch (NotReadyException e) {
      trace.add("not ready for a deletion");
    }
  }

  private void die() {
    if (!workers.isEmpty() && random.nextBoolean()) {
      Worker worker = workers.remove(random.nextInt(workers.size()));
      excused.add(worker.grant);
      trace.add(worker.key + " a worker dies");
    } else if (!sent.isEmpty()) {
      Sent lost = sent.remove(random.nextInt(sent.size()));
      excused.add(lost.state().grant());
      trace.add(lost.state().key() + " never said " + brief(lost.state()));
    }
  }

  private void pass(Duration pause) {
    Duration then = elapsed.plus(pause);
    for (Worker worker : List.copyOf(workers)) {
      Duration age = then.minus(worker.begun);
      if (worker.answer == null && worker.failure == null && age.compareTo(TIMES.deadline()) > 0) {
        worker.failure = failure(Kind.NOT_SENT, null);
      }
      while (worker.answer != null && age.compareTo(SETTLED) > 0 && workers.contains(worker)) {
        work(worker);
      }
    }
    for (Sent publication : List.copyOf(sent)) {
      if (then.minus(publication.at()).compareTo(TIMES.delivery()) > 0) {
        sent.remove(publication);
        arrive(publication);
      }
    }
    trace.add("pause of " + pause.toSeconds() + " s");
    shift(pause);
    elapsed = then;
  }

  /** What Redis knows of times, so much earlier. */
  private void shift(Duration by) {
    for (ConnectionKey key : keys) {
      back(layout().connection(key), by, "lease_until", "sent_at", "next_attempt_at");
    }
    back(layout().shard(SHARD), by, "quarantine", "journal_wanted", "journal_until", "warn_from");
    String ends = layout().base(SHARD) + "ends";
    for (String name : redis.call(client -> client.zrange(ends, 0, -1))) {
      redis.call(client -> client.zincrby(ends, (double) -by.toMillis(), name));
    }
    String unpublished = layout().base(SHARD) + "unpublished";
    for (String name : redis.call(client -> client.zrange(unpublished, 0, -1))) {
      redis.call(client -> client.zincrby(unpublished, (double) -by.toMillis(), name));
    }
  }

  private void back(String hash, Duration by, String... fields) {
    List<String> values = redis.call(client -> client.hmget(hash, fields));
    for (int i = 0; i < fields.length; i++) {
      String field = fields[i];
      if (values.get(i) != null && !values.get(i).equals("0")) {
        long then = Math.max(1, Long.parseLong(values.get(i)) - by.toMillis());
        redis.call(client -> client.hset(hash, field, Long.toString(then)));
      }
    }
  }

  private void lose() {
    Backup old = backup;
    empty();
    trace.add(old == null ? "Redis is emptied" : "Redis goes back");
    if (old != null) {
      old.keys().forEach((key, bytes) -> redis.call(client -> client.restore(key, 0, bytes)));
      String another = "0123456789abcdef0123456789abcdef01234567";
      String shard = layout().shard(SHARD);
      redis.call(client -> client.hset(shard, Map.of("fence", another, "healing", another)));
      shift(elapsed.minus(old.at()));
      if (random.nextBoolean()) {
        backup = null;
      }
    }
    // Healings begin in the second in which they begin, and this is not the one of the last loss.
    losses++;
    long seconds = Instant.now().getEpochSecond() + 10_000L * losses;
    redis.call(client -> client.hset(layout().shard(SHARD), "epoch", Long.toString(seconds)));
    seen.clear();
  }

  private Backup backup() {
    Map<String, byte[]> all = new HashMap<>();
    for (String key : allKeys()) {
      all.put(key, redis.call(client -> client.dump(key)));
    }
    return new Backup(all, elapsed);
  }

  private void empty() {
    allKeys().forEach(key -> redis.call(client -> client.del(key)));
  }

  private Set<String> allKeys() {
    return redis.call(client -> client.keys(redis.settings().prefix() + ":*"));
  }

  private Keys layout() {
    return new Keys(redis.settings().prefix(), SHARDS);
  }

  /** Between two losses of data no connection ever goes back. */
  private void neverBack(ConnectionKey key) {
    store
        .find(key)
        .ifPresent(state -> {
          CredentialState before = seen.put(key, noted(state));
          if (before != null) {
            assertThat(state).as("after " + brief(before)).isGreaterThanOrEqualTo(before);
          }
        });
  }

  /** Every version that anybody was given has one content. */
  private CredentialState noted(CredentialState state) {
    String version = state.key() + " " + state.grant() + " " + state.version();
    CredentialState first = given.putIfAbsent(version, state);
    if (first != null) {
      assertThat(state).as("version %s of %s", state.version(), state.key()).isEqualTo(first);
    }
    return state;
  }

  /** Everybody comes to an end, the owners catch up, and the witnesses are compared. */
  private void end() {
    topics.unreached = 0;
    topics.unheard = 0;
    rest();
    pass(Duration.ofMinutes(10));
    rest();
    keys.forEach(this::agrees);
    Map<ConnectionKey, CredentialState> before = new HashMap<>();
    keys.forEach(key -> store.find(key).ifPresent(state -> before.put(key, state)));
    trace.add("Redis is emptied at the end");
    empty();
    rest();
    for (ConnectionKey key : keys) {
      assertThat(store.find(key))
          .as("%s after its restoration", key)
          .isEqualTo(Optional.ofNullable(before.get(key)));
    }
  }

  private void rest() {
    for (int round = 0; round < 3; round++) {
      for (int turns = 0; turns < 400 && (owners.getFirst().turn() || owners.getLast().turn()); ) {
        turns++;
      }
      List.copyOf(workers)
          .forEach(worker -> {
            for (int steps = 0; steps < 100 && workers.contains(worker); steps++) {
              work(worker);
            }
          });
      List.copyOf(sent).forEach(this::arrive);
      sent.clear();
      pass(Duration.ofSeconds(10));
    }
    assertThat(workers).isEmpty();
  }

  private void agrees(ConnectionKey key) {
    List<CredentialState> said = onTopic(key);
    said.forEach(this::noted);
    warnedOnce(said);
    Optional<CredentialState> stored = store.find(key);
    assertThat(stored)
        .as("%s, the highest on the topic", key)
        .isEqualTo(said.stream().max(Comparator.naturalOrder()));
    if (stored.isPresent()) {
      assertThat(said.getLast()).as("what compaction keeps of %s", key).isEqualTo(stored.get());
      CredentialState state = stored.get();
      Sealed held = state.sealed();
      if (held != null && !excused.contains(state.grant()) && state.status() != Status.DELETED) {
        assertThat(text(held))
            .as("the token that is good")
            .isEqualTo(provider.current(state.grant()));
        assertThat(provider.isRevoked(state.grant())).as("%s revoked", state.grant()).isFalse();
      }
    }
  }

  /** Who drops what is below what he has seen hears of the end of a grant once. */
  private static void warnedOnce(List<CredentialState> said) {
    Set<Long> warned = new HashSet<>();
    CredentialState highest = null;
    for (CredentialState state : said) {
      if (highest == null || state.compareTo(highest) > 0) {
        highest = state;
        if (state.change() == Change.EXPIRING) {
          assertThat(warned.add(state.grant())).as("warned twice, %s", brief(state)).isTrue();
        }
      }
    }
  }

  private List<CredentialState> onTopic(ConnectionKey key) {
    return topics.states(SHARD).stream().filter(state -> state.key().equals(key)).toList();
  }

  private <T> T any(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private static Failure failure(Kind kind, @Nullable Sealed body) {
    String reason = kind == Kind.UNREADABLE ? Reason.UNREADABLE_ANSWER : kind.text();
    return new Failure(kind, new Reason(reason, ""), Duration.ZERO, body);
  }

  /** At its end at once, so that a probe does not wait for it. */
  private static IssuedTokens tokens(String text) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new IssuedTokens(
        sealed(text),
        now.minus(LEAD),
        now.plusMillis(1),
        now,
        "Bearer",
        null,
        new GrantEnd(now.plus(LEAD.dividedBy(2)), false));
  }

  private static boolean holds(CredentialState state, String token) {
    Sealed held = state.sealed();
    return held != null && text(held).equals(token);
  }

  private static boolean holds(IssuedTokens tokens, String token) {
    return text(tokens.sealed()).equals(token);
  }

  private static Sealed sealed(String text) {
    return Sealed.of(text.getBytes(UTF_8));
  }

  /** Without the name of the key. */
  private static String text(Sealed sealed) {
    String text = new String(sealed.bytes(), UTF_8);
    int key = text.indexOf('~');
    return key < 0 ? text : text.substring(0, key);
  }

  /** Each sealing has bytes of its own, as a real one has. */
  private final class Anew implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      return sealed(new String(plain, UTF_8) + "~" + sealings++);
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      return text(sealed).getBytes(UTF_8);
    }
  }

  /** Reads what is sealed, or seals anew what was read some time ago. */
  private void reseal() {
    if (read.isEmpty() || random.nextInt(3) == 0) {
      scan.connections(page -> {
        page.stream().filter(item -> keys.contains(item.key())).forEach(read::add);
        return true;
      });
      return;
    }
    SealedItem item = read.remove(random.nextInt(read.size()));
    try {
      trace.add(
          item.key() + " reseal " + text(item.sealed()) + ": " + resealing.reseal(List.of(item)));
    } catch (UnavailableException e) {
      trace.add(item.key() + " not sealed anew: " + e.getMessage());
    }
  }

  private static String brief(CredentialState state) {
    Sealed held = state.sealed();
    return "v"
        + state.version()
        + " gen "
        + state.tokenGen()
        + " "
        + state.status()
        + " "
        + (held == null ? state.grant() + "/none" : text(held));
  }
}
