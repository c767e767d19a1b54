package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.credential.ConnectionSearch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The key layout. Everything of a shard shares the hash tag {@code {s<shard>}} and so one slot of a
 * cluster:
 *
 * <pre>
 * p:{s7}:c:google/acme    hash         the credential, its attempt, its due time
 * p:{s7}:due:357913920.10 sorted set   connection by due time, those of some seconds: due.lua
 * p:{s7}:buckets          sorted set   which of those there are
 * p:{s7}:unpublished      sorted set   connection by the time of its unpublished version
 * p:{s7}:ends            sorted set   connection by when to look whether its end is to be warned of
 * p:{s7}:code:ID          hash         begin record of an authorization code
 * p:{s7}:codes            sorted set   begun codes by the end of their lease
 * p:{s7}:shard            hash         fence, quarantine, applied offsets, last grant
 * p:{s7}:moving, p:{s7}:moved  never there: asked for to see whether the slot is being moved
 * p:{s7}:limit:google/acme  sorted set  token requests of a connection in the last window
 * p:limit:google          sorted set   the same of an integration
 * p:state:HASH            hash         a consent that was asked for
 * p:session:HASH          string       a connect session
 * p:session-used:HASH     string       the consent that used it up
 * p:session-status:ID     hash         how far a connect session has come, by its public id
 * p:shards                string       the shard count, chosen once
 * p:key-holders           hash         which process holds which keys; a field for each that was heard
 *                                      of in the last 30 seconds, the whole for twice as long
 * p:census                string       the last count of all connections, as JSON
 * </pre>
 */
final class Keys {
  private final String prefix;
  private final Shards shards;

  Keys(String prefix, Shards shards) {
    this.prefix = prefix;
    this.shards = shards;
  }

  /** What the keys of a shard start with. */
  String base(int shard) {
    return prefix + ":{s" + shard + "}:";
  }

  String base(ConnectionKey key) {
    return base(shards.of(key));
  }

  int shardOf(ConnectionKey key) {
    return shards.of(key);
  }

  String connection(ConnectionKey key) {
    return base(key) + "c:" + key;
  }

  /** Matches the hashes of all connections, for SCAN. */
  String connections() {
    return prefix + ":{s*}:c:*";
  }

  /** The same for those that a search may mean, as far as a pattern can say it. */
  String connections(ConnectionSearch search) {
    String integration = search.integration().filter(ConnectionKey::isSlug).orElse("*");
    String name =
        search.name().map(it -> (it.beginning() ? "" : "*") + literal(it.text()) + "*").orElse("*");
    return prefix + ":{s*}:c:" + integration + "/" + name;
  }

  /** What a pattern of Redis takes as it stands. */
  private static String literal(String text) {
    return text.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0");
  }

  /** The connection whose hash has this key. */
  ConnectionKey connectionOf(String redisKey) {
    return ConnectionKey.parse(redisKey.substring(redisKey.indexOf("}:c:") + 4));
  }

  String shard(ConnectionKey key) {
    return base(key) + "shard";
  }

  String shard(int shard) {
    return base(shard) + "shard";
  }

  String code(ConnectionKey key, String authorization) {
    return base(key) + "code:" + authorization;
  }

  String limit(ConnectionKey key) {
    return base(key) + "limit:" + key;
  }

  String limit(String integration) {
    return prefix + ":limit:" + integration;
  }

  /** States and sessions are bearer secrets, so Redis sees their hash only. */
  String state(Secret state) {
    return prefix + ":state:" + sha256(state);
  }

  String session(Secret session) {
    return prefix + ":session:" + sha256(session);
  }

  String usedSession(Secret session) {
    return prefix + ":session-used:" + sha256(session);
  }

  String sessionStatus(SessionId id) {
    return prefix + ":session-status:" + id;
  }

  String shardCount() {
    return prefix + ":shards";
  }

  String exchangers() {
    return prefix + ":exchangers";
  }

  String keyHolders() {
    return prefix + ":key-holders";
  }

  /** The begun codes of a shard, each with its connection. */
  String codes(int shard) {
    return base(shard) + "codes";
  }

  /** Matches the consents that were asked for, for SCAN. */
  String states() {
    return prefix + ":state:*";
  }

  /** Matches the connect sessions, for SCAN. */
  String sessions() {
    return prefix + ":session:*";
  }

  String census() {
    return prefix + ":census";
  }

  private static String sha256(Secret secret) {
    try {
      byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
