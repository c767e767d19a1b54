package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.ConnectionSearch;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore.Page;
import dev.perennial.domain.credential.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One search through the hashes of all connections. Redis compares names while it scans; of those
 * that may be meant only what the search asks about is read, and the whole state of what matches.
 */
final class ConnectionScan {
  /** Redis's own, and in a cluster the master it belongs to. */
  private static final Pattern CURSOR = Pattern.compile("\\d{1,20}(@[\\w.:\\[\\]-]{1,300})?");

  /** Looked at in one step of SCAN: from few, where matches are frequent, to some milliseconds'. */
  private static final int FIRST = 60;

  private static final int LARGEST = 4_000;
  private static final int GROWTH = 4;

  /** Names looked at for one page, and connections read for it. */
  private static final int MOST_NAMES = 200_000;

  private static final int MOST_READ = 30_000;

  /** Read in one round trip. */
  private static final int TOGETHER = 1_000;

  /** What a search may ask about. */
  private static final String[] FIELDS = {"status", "reason", "expires_at"};

  private final RedisConnections redis;
  private final Keys keys;
  private final Function<Collection<ConnectionKey>, Map<ConnectionKey, CredentialState>> find;
  private final ConnectionSearch search;

  ConnectionScan(
      RedisConnections redis,
      Keys keys,
      Function<Collection<ConnectionKey>, Map<ConnectionKey, CredentialState>> find,
      ConnectionSearch search) {
    this.redis = redis;
    this.keys = keys;
    this.find = find;
    this.search = search;
  }

  Page page(@Nullable String cursor, int wanted) {
    Map<ConnectionKey, CredentialState> found = new TreeMap<>();
    if (cursor != null && !CURSOR.matcher(cursor).matches()) {
      throw new IllegalArgumentException("not a cursor of ours");
    }
    String at = cursor;
    int names = 0;
    int read = 0;
    int step = FIRST;
    do {
      KeyScan.Page scanned = new KeyScan(redis, keys.connections(search), step).page(at);
      List<ConnectionKey> named =
          scanned.keys().stream().map(keys::connectionOf).filter(search::mayBe).toList();
      states(named).forEach(state -> found.put(state.key(), state));
      at = scanned.next();
      names += step;
      read += search.needsMore() ? named.size() : 0;
      step = next(step, named.size());
    } while (at != null && found.size() < wanted && names < MOST_NAMES && read < MOST_READ);
    return new Page(List.copyOf(found.values()), at);
  }

  /** Larger where little may be meant; and where it is read, since most of it does not match. */
  private int next(int step, int named) {
    boolean rare = named * GROWTH < step || search.needsMore();
    return rare ? Math.min(step * GROWTH, LARGEST) : step;
  }

  private List<CredentialState> states(List<ConnectionKey> named) {
    Collection<CredentialState> states =
        find.apply(search.needsMore() ? matching(named) : named).values();
    return states.stream().filter(search::matches).toList();
  }

  private List<ConnectionKey> matching(List<ConnectionKey> named) {
    List<ConnectionKey> matching = new ArrayList<>();
    for (int from = 0; from < named.size(); from += TOGETHER) {
      List<ConnectionKey> some = named.subList(from, Math.min(from + TOGETHER, named.size()));
      List<Response<List<String>>> answers = read(some);
      for (int i = 0; i < some.size(); i++) {
        if (matches(fields(some.get(i), answers.get(i)))) {
          matching.add(some.get(i));
        }
      }
    }
    return matching;
  }

  private List<Response<List<String>>> read(List<ConnectionKey> some) {
    return redis.call(client -> {
      List<Response<List<String>>> answers = new ArrayList<>();
      try (AbstractPipeline pipeline = client.pipelined()) {
        some.forEach(key -> answers.add(pipeline.hmget(keys.connection(key), FIELDS)));
        pipeline.sync();
      }
      return answers;
    });
  }

  /** Asked for alone where its node broke off or does not have it any more. */
  @SuppressWarnings("NullAway") // a missing field is null, which Jedis's type does not say
  private List<@Nullable String> fields(ConnectionKey key, Response<List<String>> answer) {
    try {
      return answer.get();
    } catch (JedisDataException | IllegalStateException e) {
      return redis.call(client -> client.hmget(keys.connection(key), FIELDS));
    }
  }

  /** Gone since it was scanned: no status. */
  private boolean matches(List<@Nullable String> fields) {
    String status = fields.get(0);
    String end = fields.get(2);
    return status != null
        && search.matches(
            Status.of(status),
            Optional.ofNullable(fields.get(1)),
            end == null
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(Long.parseLong(end))));
  }
}
