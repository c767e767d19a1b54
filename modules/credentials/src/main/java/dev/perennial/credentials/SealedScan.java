package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.credentials.SealedItem.Kind;
import dev.perennial.credentials.SealedItem.Place;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Shards;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Status;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Goes through everything sealed that stands in Redis: what stood there from the beginning of a
 * scan to its end is met at least once. Thread-safe.
 */
public final class SealedScan {
  private static final int PAGE = 200;

  private final RedisConnections redis;
  private final Shards shards;
  private final Keys keys;
  private final ConnectionScripts scripts;

  public SealedScan(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.shards = shards;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.scripts = new ConnectionScripts(redis, keys);
  }

  /**
   * All of it, some at a time.
   *
   * @param pages possibly empty ones; called on this thread
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public void all(Consumer<List<SealedItem>> pages) {
    connections(page -> {
      pages.accept(page);
      return true;
    });
    for (int shard = 0; shard < shards.count(); shard++) {
      pages.accept(codes(shard));
    }
    scan(keys.states(), "hash", names -> pages.accept(pending(names)));
    scan(keys.sessions(), "string", names -> pages.accept(sessions(names)));
  }

  /**
   * What connections hold.
   *
   * @param pages answers whether to go on
   */
  public void connections(Predicate<List<SealedItem>> pages) {
    scanWhile(
        keys.connections(),
        "hash",
        names -> pages.test(connections(names.stream().map(keys::connectionOf).toList())));
  }

  /** The offset on {@code grant-journal} up to which a shard's owner has applied it. */
  public long journalApplied(int shard) {
    String offset = redis.call(client -> client.hget(keys.shard(shard), "journal_offset"));
    return offset == null ? 0 : Long.parseLong(offset);
  }

  private List<SealedItem> connections(List<ConnectionKey> some) {
    List<Reply> replies = scripts.runAll(Script.SEALED, some);
    List<SealedItem> items = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      add(some.get(i), replies.get(i), items);
    }
    return items;
  }

  private void add(ConnectionKey key, Reply fields, List<SealedItem> items) {
    if (fields.has(4)) {
      Place place =
          new Place.Published(
              fields.number(0), fields.number(1), fields.number(2), Status.of(fields.text(3)));
      items.add(new SealedItem(Kind.CREDENTIAL, key, fields.sealed(4), place));
    }
    field(Kind.STAGED, key, fields, 5, "staged", items);
    field(Kind.UNREADABLE, key, fields, 6, "unreadable", items);
  }

  /** A body may be empty: then it was lost, and the fact alone is known. */
  private void field(
      Kind kind, ConnectionKey key, Reply fields, int i, String field, List<SealedItem> items) {
    if (fields.has(i) && fields.sealed(i).length() > 0) {
      Place place = new Place.Field(keys.connection(key), field);
      items.add(new SealedItem(kind, key, fields.sealed(i), place));
    }
  }

  private List<SealedItem> codes(int shard) {
    List<SealedItem> items = new ArrayList<>();
    for (String entry : redis.call(client -> client.zrange(keys.codes(shard), 0, -1))) {
      int space = entry.indexOf(' ');
      ConnectionKey key = ConnectionKey.parse(entry.substring(0, space));
      add(Kind.CODE, key, keys.code(key, entry.substring(space + 1)), "staged", items);
    }
    return items;
  }

  private void add(
      Kind kind, ConnectionKey key, String hash, String field, List<SealedItem> items) {
    byte[] bytes = bytes(hash, field);
    if (bytes != null) {
      items.add(new SealedItem(kind, key, Sealed.of(bytes), new Place.Field(hash, field)));
    }
  }

  private byte @Nullable [] bytes(String hash, String field) {
    return redis.call(client -> client.hget(hash.getBytes(UTF_8), field.getBytes(UTF_8)));
  }

  private List<SealedItem> pending(List<String> names) {
    List<SealedItem> items = new ArrayList<>();
    for (String name : names) {
      String connection = redis.call(client -> client.hget(name, "connection"));
      if (connection != null) {
        add(Kind.PENDING, ConnectionKey.parse(connection), name, "sealed", items);
      }
    }
    return items;
  }

  private List<SealedItem> sessions(List<String> names) {
    List<SealedItem> items = new ArrayList<>();
    for (String name : names) {
      String value = redis.call(client -> client.get(name));
      if (value != null) {
        items.add(session(name, value));
      }
    }
    return items;
  }

  private static SealedItem session(String name, String value) {
    int end = value.indexOf('\n');
    return new SealedItem(
        Kind.SESSION,
        ConnectionKey.parse(value.substring(0, end)),
        Sealed.of(Base64.getDecoder().decode(value.substring(end + 1))),
        new Place.Text(name, value));
  }

  private void scan(String pattern, String type, Consumer<List<String>> pages) {
    scanWhile(
        pattern,
        type,
        names -> {
          pages.accept(names);
          return true;
        });
  }

  private void scanWhile(String pattern, String type, Predicate<List<String>> pages) {
    KeyScan scan = new KeyScan(redis, pattern, PAGE, type);
    String cursor = null;
    do {
      KeyScan.Page page = page(scan, cursor);
      if (!pages.test(page.keys())) {
        return;
      }
      cursor = page.next();
    } while (cursor != null);
  }

  private KeyScan.Page page(KeyScan scan, @Nullable String cursor) {
    try {
      return scan.page(cursor);
    } catch (IllegalArgumentException e) {
      throw new UnavailableException(
          redis.settings() + ": its masters have changed meanwhile; begin again", e);
    }
  }
}
