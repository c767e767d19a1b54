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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * One search through the hashes of all connections. Redis compares names while it scans; of those
 * that may be meant only what the search asks about is read, and the whole state of what matches.
 */
final class ConnectionScan {
  private static final Pattern CURSOR = Pattern.compile("\\d{1,20}");

  /** Looked at in one step of SCAN: from few, where matches are frequent, to some milliseconds'. */
  private static final int FIRST = 60;

  private static final int LARGEST = 4_000;
  private static final int GROWTH = 4;

  /** Names looked at for one page, and connections read for it. */
  private static final int MOST_NAMES = 200_000;

  private static final int MOST_READ = 30_000;

  /** Read in one round trip. */
  private static final int TOGETHER = 1_000;

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
    String at = Objects.requireNonNullElse(cursor, ScanParams.SCAN_POINTER_START);
    if (!CURSOR.matcher(at).matches()) {
      throw new IllegalArgumentException("not a cursor of ours");
    }
    int names = 0;
    int read = 0;
    int step = FIRST;
    boolean complete;
    do {
      ScanResult<String> scanned = scan(at, step);
      List<ConnectionKey> named =
          scanned.getResult().stream().map(keys::connectionOf).filter(search::mayBe).toList();
      states(named).forEach(state -> found.put(state.key(), state));
      at = scanned.getCursor();
      complete = scanned.isCompleteIteration();
      names += step;
      read += search.needsMore() ? named.size() : 0;
      step = next(step, named.size());
    } while (!complete && found.size() < wanted && names < MOST_NAMES && read < MOST_READ);
    return new Page(List.copyOf(found.values()), complete ? null : at);
  }

  /** Larger where little may be meant; and where it is read, since most of it does not match. */
  private int next(int step, int named) {
    boolean rare = named * GROWTH < step || search.needsMore();
    return rare ? Math.min(step * GROWTH, LARGEST) : step;
  }

  private ScanResult<String> scan(String from, int step) {
    ScanParams params = new ScanParams().match(keys.connections(search)).count(step);
    return redis.call(client -> client.scan(from, params, "hash"));
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
      List<Response<List<@Nullable String>>> answers = read(some);
      for (int i = 0; i < some.size(); i++) {
        if (matches(answers.get(i).get())) {
          matching.add(some.get(i));
        }
      }
    }
    return matching;
  }

  @SuppressWarnings("unchecked") // a missing field is null, which Jedis's type does not say
  private List<Response<List<@Nullable String>>> read(List<ConnectionKey> some) {
    return redis.call(client -> {
      List<Response<List<@Nullable String>>> answers = new ArrayList<>();
      try (AbstractPipeline pipeline = client.pipelined()) {
        some.forEach(key ->
            answers.add(
                (Response<List<@Nullable String>>)
                    (Response<?>)
                        pipeline.hmget(keys.connection(key), "status", "reason", "expires_at")));
        pipeline.sync();
      }
      return answers;
    });
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
