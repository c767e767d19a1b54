package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import dev.perennial.devstack.provider.Use.Outcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The judge: everything that was ever issued, and every use of it. It grows for as long as the
 * simulator lives. Thread-safe; what a query returns does not change afterwards.
 */
public final class Ledger {
  static final String UNKNOWN = "unknown";

  private final List<Register> registers = new CopyOnWriteArrayList<>();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final LongAdder codesIssued = new LongAdder();
  private final AtomicLong order = new AtomicLong();
  private final Map<String, Flight> flights = new ConcurrentHashMap<>();

  private final Map<String, Set<Call>> inFlight = new ConcurrentHashMap<>();
  private final Queue<Pair> pairs = new ConcurrentLinkedQueue<>();

  private record Flight(int now, int most) {}

  private record Pair(Call earlier, Call later) {}

  Ledger() {}

  /** Every request that reached a token endpoint, in the order of processing. */
  public List<Use> uses() {
    return calls.stream().map(Call::snapshot).sorted(Comparator.comparingLong(Use::order)).toList();
  }

  /**
   * Uses of a refresh token after one that spent it and whose answer left whole, outside the reuse
   * window. Empty is what everybody wants.
   */
  public List<Replay> spentTwice() {
    return spentTwice((first, again) -> false);
  }

  /**
   * As {@link #spentTwice()}, but a spending use that is excused does not count as answered: its
   * worker was killed before it could keep what it was given.
   */
  public List<Replay> spentTwice(Predicate<Use> excused) {
    return spentTwice((first, again) -> excused.test(first));
  }

  /**
   * As {@link #spentTwice()}, but without the pairs that are excused: given the use that spent the
   * token, then the later one. Each later use is found once, with the earliest use that it repeats
   * without excuse.
   */
  public List<Replay> spentTwice(BiPredicate<Use, Use> excused) {
    return byToken(Kind.REFRESH_TOKEN).values().stream()
        .flatMap(uses -> replays(uses, excused).stream())
        .toList();
  }

  private static List<Replay> replays(List<Use> uses, BiPredicate<Use, Use> excused) {
    List<Replay> found = new ArrayList<>();
    List<Use> answered = new ArrayList<>();
    for (Use again : uses) {
      answered.stream()
          .filter(first -> !again.at().isBefore(first.reusableUntil()))
          .filter(first -> !excused.test(first, again))
          .findFirst()
          .ifPresent(first -> found.add(new Replay(first, again)));
      if (again.spends() && again.delivery() == Delivery.WHOLE) {
        answered.add(again);
      }
    }
    return found;
  }

  /** Every use of an authorization code but its first, whatever was answered. */
  public List<Use> codesUsedTwice() {
    return byToken(Kind.CODE).values().stream().flatMap(uses -> uses.stream().skip(1)).toList();
  }

  private Map<String, List<Use>> byToken(Kind kind) {
    return uses().stream()
        .filter(use -> use.kind() == kind && !use.token().equals(UNKNOWN))
        .collect(Collectors.groupingBy(Use::token));
  }

  public long codesIssued() {
    return codesIssued.sum();
  }

  /** Refreshes that were granted, whether or not the answer arrived. */
  public long refreshesGranted(String provider) {
    return uses().stream()
        .filter(use -> use.provider().equals(provider) && isGrantedRefresh(use))
        .count();
  }

  /**
   * Every use of a refresh token that belongs to a grant (as {@code sim_grant} states it) or came
   * with a client id.
   */
  public List<Use> refreshes(String grantOrClient) {
    return uses().stream()
        .filter(use -> use.kind() == Kind.REFRESH_TOKEN)
        .filter(use -> use.grant().equals(grantOrClient) || use.client().equals(grantOrClient))
        .toList();
  }

  private static boolean isGrantedRefresh(Use use) {
    return use.kind() == Kind.REFRESH_TOKEN && use.outcome() == Outcome.GRANTED;
  }

  /** What the providers hold now, in the order of the consents at each. */
  public List<GrantState> grants() {
    return registers.stream().flatMap(register -> register.grants().stream()).toList();
  }

  /** The name of a code or a refresh token, or {@code unknown}. */
  public String nameOf(String codeOrRefreshToken) {
    return names(codeOrRefreshToken).token();
  }

  /** The name of the grant that a code or a refresh token belongs to, or {@code unknown}. */
  public String grantOf(String codeOrRefreshToken) {
    return names(codeOrRefreshToken).grant();
  }

  private Register.Names names(String presented) {
    return registers.stream()
        .map(register -> register.names(presented))
        .filter(Register.Names::isKnown)
        .findFirst()
        .orElse(Register.Names.UNKNOWN);
  }

  /**
   * Whether this refresh token is the one that works: the newest of its grant, which is not
   * revoked. A spent one is not, even within its reuse window.
   */
  public boolean isCurrent(String refreshToken) {
    return registers.stream().anyMatch(register -> register.isCurrent(refreshToken));
  }

  /** The most token requests that one grant ever had in flight at the same time. */
  public int maxConcurrentPerFamily() {
    return flights.values().stream().mapToInt(Flight::most).max().orElse(0);
  }

  /** Every code, access token and refresh token ever issued, to search for where none may be. */
  public Set<String> allSecretsIssued() {
    return Set.copyOf(secrets);
  }

  /** Every two calls of one grant that were in flight at the same time. */
  public List<Overlap> overlaps() {
    return pairs.stream()
        .map(pair -> new Overlap(pair.earlier().snapshot(), pair.later().snapshot()))
        .toList();
  }

  public Summary summary() {
    List<Use> uses = uses();
    return new Summary(
        codesIssued(),
        uses.stream().filter(use -> use.kind() == Kind.CODE).count(),
        codesUsedTwice().size(),
        uses.stream().filter(Ledger::isGrantedRefresh).count(),
        uses.stream().filter(use -> isRefused(use) && use.kind() == Kind.REFRESH_TOKEN).count(),
        spentTwice().size(),
        maxConcurrentPerFamily());
  }

  private static boolean isRefused(Use use) {
    return use.outcome() == Outcome.REFUSED;
  }

  /** The ledger in numbers. */
  public record Summary(
      long codesIssued,
      long codesUsed,
      int codesUsedTwice,
      long refreshesGranted,
      long refreshesRefused,
      int spentTwice,
      int maxConcurrentPerFamily) {}

  void issued(String secret) {
    secrets.add(secret);
  }

  void codeIssued() {
    codesIssued.increment();
  }

  long nextOrder() {
    return order.incrementAndGet();
  }

  void keeps(Register register) {
    registers.add(register);
  }

  Call open(String provider, Call.Presented presented, InstantSource clock) {
    Call call = new Call(this, provider, presented, clock, nextOrder());
    calls.add(call);
    if (!presented.grant().equals(UNKNOWN)) {
      flights.merge(presented.grant(), new Flight(1, 1), (was, one) -> oneMore(was));
      inFlight.compute(presented.grant(), (grant, others) -> joined(others, call));
    }
    return call;
  }

  private Set<Call> joined(@Nullable Set<Call> others, Call call) {
    Set<Call> all = others == null ? new HashSet<>() : others;
    all.forEach(earlier -> pairs.add(new Pair(earlier, call)));
    all.add(call);
    return all;
  }

  void ended(String grant, Call call) {
    inFlight.computeIfPresent(
        grant, (key, others) -> others.remove(call) && others.isEmpty() ? null : others);
    flights.computeIfPresent(grant, (key, was) -> new Flight(was.now() - 1, was.most()));
  }

  private static Flight oneMore(Flight was) {
    return new Flight(was.now() + 1, Math.max(was.most(), was.now() + 1));
  }
}
