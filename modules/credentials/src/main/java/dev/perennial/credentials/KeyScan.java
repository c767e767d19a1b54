package dev.perennial.credentials;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.util.Pool;

/**
 * Goes through the keys of one type that match, by SCAN, one master after the other. What is there
 * all the time is found, some of it twice; in a cluster what is moved to another node meanwhile may
 * be missed.
 *
 * @param most looked at for one page, about
 * @param type as TYPE names it
 */
record KeyScan(RedisConnections redis, String pattern, int most, String type) {

  /** Hashes. */
  KeyScan(RedisConnections redis, String pattern, int most) {
    this(redis, pattern, most, "hash");
  }

  /**
   * Some keys.
   *
   * @param next where to go on; null at the end
   */
  record Page(List<String> keys, @Nullable String next) {}

  /** Redis's own cursor, and the master that it belongs to where there may be several. */
  private record Place(String master, String cursor) {
    private static final char BETWEEN = '@';

    static Place parse(String text) {
      int at = text.indexOf(BETWEEN);
      return new Place(text.substring(at + 1), text.substring(0, Math.max(0, at)));
    }

    @Override
    public String toString() {
      return cursor + BETWEEN + master;
    }
  }

  /**
   * The page at a cursor.
   *
   * @param cursor null = from the start
   * @throws IllegalArgumentException where the cursor is none, or its master is none any more: then
   *     begin again
   */
  Page page(@Nullable String cursor) {
    return redis.settings().address().kind() == RedisAddress.Kind.CLUSTER
        ? ofCluster(redis.masters(), cursor)
        : ofOne(cursor == null ? ScanParams.SCAN_POINTER_START : cursor);
  }

  private Page ofOne(String cursor) {
    ScanResult<String> found = redis.call(client -> client.scan(cursor, params(), type));
    return new Page(found.getResult(), found.isCompleteIteration() ? null : found.getCursor());
  }

  private Page ofCluster(SortedMap<String, Pool<Connection>> masters, @Nullable String cursor) {
    Place place =
        cursor == null
            ? new Place(masters.firstKey(), ScanParams.SCAN_POINTER_START)
            : Place.parse(cursor);
    if (!masters.containsKey(place.master())) {
      throw new IllegalArgumentException("no master at the cursor's address");
    }
    ScanResult<String> found =
        redis.on(place.master(), node -> node.scan(place.cursor(), params(), type));
    return new Page(found.getResult(), next(masters, place, found));
  }

  private static @Nullable String next(
      SortedMap<String, Pool<Connection>> masters, Place place, ScanResult<String> found) {
    if (!found.isCompleteIteration()) {
      return new Place(place.master(), found.getCursor()).toString();
    }
    String after =
        masters.tailMap(place.master() + "\0").keySet().stream().findFirst().orElse(null);
    return after == null ? null : new Place(after, ScanParams.SCAN_POINTER_START).toString();
  }

  private ScanParams params() {
    return new ScanParams().match(pattern).count(most);
  }
}
