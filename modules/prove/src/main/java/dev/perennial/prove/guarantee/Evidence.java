package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Overlap;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that was seen, by three witnesses that do not know of each other, and the log of what
 * was made to go wrong. Immutable.
 *
 * @param uses the provider's ledger, in the order of processing
 * @param overlaps calls of one grant that were before the provider at the same time
 * @param secrets everything that must not be found in the open
 * @param published {@code credentials-updated} from its beginning, in the order of each partition
 * @param codes {@code code-received}
 * @param failed {@code authorizations}
 * @param stored Redis, at the end
 * @param codeRecords Redis's begin records of codes, by authorization: their state
 * @param standing what the provider would say to the stored refresh tokens
 * @param promises by integration
 * @param accepted how often a browser was told that its consent had come in
 * @param open places where anybody may look, by name
 * @param began when the first worker ran
 * @param until when the last one was stopped
 */
public record Evidence(
    Timing timing,
    List<Use> uses,
    List<Overlap> overlaps,
    Set<String> secrets,
    List<Published> published,
    List<CodeReceived> codes,
    List<AuthorizationFailed> failed,
    Map<ConnectionKey, Stored> stored,
    Map<String, String> codeRecords,
    Map<ConnectionKey, Standing> standing,
    Map<String, Promise> promises,
    Map<ConnectionKey, Integer> accepted,
    List<Disturbance> disturbances,
    Map<String, String> open,
    Instant began,
    Instant until) {

  public Evidence {
    uses = List.copyOf(uses);
    overlaps = List.copyOf(overlaps);
    secrets = Set.copyOf(secrets);
    published = List.copyOf(published);
    codes = List.copyOf(codes);
    failed = List.copyOf(failed);
    stored = Map.copyOf(stored);
    codeRecords = Map.copyOf(codeRecords);
    standing = Map.copyOf(standing);
    promises = Map.copyOf(promises);
    accepted = Map.copyOf(accepted);
    disturbances = List.copyOf(disturbances);
    open = Map.copyOf(open);
  }

  /** Nothing yet. */
  public static Builder of(Timing timing) {
    return new Builder(timing);
  }

  /** The records of each connection, in the order of the topic. */
  Map<ConnectionKey, List<Published>> byConnection() {
    Map<ConnectionKey, List<Published>> all = new LinkedHashMap<>();
    published.forEach(one -> all.computeIfAbsent(one.key(), _ -> new ArrayList<>()).add(one));
    return all;
  }

  /** The uses of each refresh token that the ledger knows, in the order of processing. */
  Map<String, List<Use>> byRefreshToken() {
    Map<String, List<Use>> all = new LinkedHashMap<>();
    uses.stream()
        .filter(use -> use.kind() == Use.Kind.REFRESH_TOKEN && !use.token().equals("unknown"))
        .forEach(use -> all.computeIfAbsent(use.token(), _ -> new ArrayList<>()).add(use));
    return all;
  }

  /** The record that first said a refresh token, by the ledger's name of it. */
  Map<String, Published> byHeldToken() {
    Map<String, Published> all = new HashMap<>();
    for (Published one : published) {
      if (one.refreshToken() != null) {
        all.merge(one.refreshToken(), one, Evidence::firstOfItsAnswer);
      }
    }
    return all;
  }

  private static Published firstOfItsAnswer(Published one, Published other) {
    return other.state().compareTo(one.state()) < 0 ? other : one;
  }

  Promise promise(String integration) {
    return promises.getOrDefault(integration, Promise.STRICT);
  }

  /** Those that may have kept a connection from being refreshed between the two moments. */
  Stream<Disturbance> delaying(ConnectionKey key, Instant begin, Instant end) {
    return disturbances.stream()
        .filter(one -> one.concerns(key))
        .filter(one -> one.from().isBefore(end) && settled(one).isAfter(begin));
  }

  /**
   * Until when a disturbance may delay a refresh. What Redis lost is brought back by the
   * credentials role from Kafka: as long as one of them is away too, that cannot even begin.
   */
  public Instant settled(Disturbance disturbance) {
    if (disturbance.kind() != Disturbance.Kind.REDIS) {
      return timing.settled(disturbance);
    }
    Instant able = disturbance.to();
    for (boolean moved = true; moved; ) {
      Instant held = timing.held(able);
      Instant later =
          disturbances.stream()
              .filter(Disturbance::hindersHealing)
              .filter(one -> one.overlaps(disturbance.from(), held))
              .map(timing::settled)
              .max(Instant::compareTo)
              .orElse(able);
      moved = later.isAfter(able);
      able = moved ? later : able;
    }
    return timing.held(able);
  }

  /** How much of the time between the two was free of every disturbance and its consequences. */
  Duration undisturbed(ConnectionKey key, Instant begin, Instant end) {
    Duration free = Duration.ZERO;
    Instant at = begin;
    List<Disturbance> sorted =
        delaying(key, begin, end)
            .sorted(java.util.Comparator.comparing(Disturbance::from))
            .toList();
    for (Disturbance one : sorted) {
      if (one.from().isAfter(at)) {
        free = free.plus(Duration.between(at, one.from()));
      }
      Instant settled = settled(one);
      at = settled.isAfter(at) ? settled : at;
    }
    return at.isBefore(end) ? free.plus(Duration.between(at, end)) : free;
  }

  /** Collects evidence. Not thread-safe. */
  public static final class Builder {
    private final Timing timing;
    private final List<Use> uses = new ArrayList<>();
    private final List<Overlap> overlaps = new ArrayList<>();
    private final Set<String> secrets = new HashSet<>();
    private final List<Published> published = new ArrayList<>();
    private final List<CodeReceived> codes = new ArrayList<>();
    private final List<AuthorizationFailed> failed = new ArrayList<>();
    private final Map<ConnectionKey, Stored> stored = new HashMap<>();
    private final Map<String, String> codeRecords = new HashMap<>();
    private final Map<ConnectionKey, Standing> standing = new HashMap<>();
    private final Map<String, Promise> promises = new HashMap<>();
    private final Map<ConnectionKey, Integer> accepted = new HashMap<>();
    private final List<Disturbance> disturbances = new ArrayList<>();
    private final Map<String, String> open = new LinkedHashMap<>();
    private Instant began = Instant.MIN;
    private Instant until = Instant.MAX;

    private Builder(Timing timing) {
      this.timing = timing;
    }

    public Builder uses(List<Use> more) {
      uses.addAll(more);
      return this;
    }

    public Builder overlaps(List<Overlap> more) {
      overlaps.addAll(more);
      return this;
    }

    public Builder secrets(Set<String> more) {
      secrets.addAll(more);
      return this;
    }

    public Builder published(Published one) {
      published.add(one);
      return this;
    }

    public Builder code(CodeReceived one) {
      codes.add(one);
      return this;
    }

    public Builder failed(AuthorizationFailed one) {
      failed.add(one);
      return this;
    }

    public Builder stored(ConnectionKey key, Stored one) {
      stored.put(key, one);
      return this;
    }

    public Builder codeRecord(String authorization, String state) {
      codeRecords.put(authorization, state);
      return this;
    }

    public Builder standing(ConnectionKey key, Standing one) {
      standing.put(key, one);
      return this;
    }

    public Builder promise(String integration, Promise one) {
      promises.put(integration, one);
      return this;
    }

    public Builder accepted(Map<ConnectionKey, Integer> more) {
      accepted.putAll(more);
      return this;
    }

    public Builder disturbances(List<Disturbance> more) {
      disturbances.addAll(more);
      return this;
    }

    public Builder open(String place, String text) {
      open.merge(place, text, String::concat);
      return this;
    }

    public Builder between(Instant began, Instant until) {
      this.began = began;
      this.until = until;
      return this;
    }

    public Evidence build() {
      return new Evidence(
          timing,
          uses,
          overlaps,
          secrets,
          published,
          codes,
          failed,
          stored,
          codeRecords,
          standing,
          promises,
          accepted,
          disturbances,
          open,
          began,
          until);
    }
  }
}
