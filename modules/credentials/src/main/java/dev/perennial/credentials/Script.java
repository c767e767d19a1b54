package dev.perennial.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/** The Lua scripts, each one atomic step, made of the files in this package. */
@SuppressWarnings("ImmutableEnumChecker") // the arrays never leave this room
enum Script {
  BEGIN(fenced("begin")),
  COMMIT(fenced("commit")),
  FAIL(fenced("fail")),
  PUT(fenced("put")),
  EXPIRE(fenced("expire")),
  DELETE(fenced("delete")),
  PUBLISHED(fenced("published")),
  POSTPONE(fenced("postpone")),
  GRANT(fenced("grant")),
  CODE_BEGIN(fenced("code_begin")),
  CODE_ADVANCE(fenced("code_advance")),
  CODE_FAIL(fenced("code_fail")),
  RESEAL(fenced("reseal")),
  LOSE(fenced("lose")),
  FIND(each("find")),
  SEALED(each("sealed")),

  CLAIM("shard", "due", "run", "fenced_shard", "claim"),
  BACKLOG("shard", "due", "backlog"),
  UNPUBLISHED("shard", "run", "fenced_shard", "unpublished"),
  VANISHED("shard", "run", "fenced_shard", "vanished"),

  // What the owner of a shard does, fence or not.
  OWNER_COMMIT(owners("commit")),
  OWNER_PUT(owners("put")),
  OWNER_PUBLISHED(owners("published")),
  OWNER_CODE_FAIL(owners("code_fail")),
  ATTEND("shard", "run", "attend"),
  HEAL("shard", "due", "prelude", "run", "heal"),
  READY("shard", "run", "ready"),
  SETTLED("shard", "run", "settled"),
  JOURNAL("shard", "run", "journal"),
  WARN("shard", "due", "prelude", "run", "fenced", "warn"),
  LEADS("shard", "leads"),
  REWIND("shard", "rewind"),

  REMEMBER("remember"),
  HOLD("hold"),
  LET_GO("let_go"),
  SESSION_ADD("session_add"),
  SESSION_NOTE("session_note"),

  RESEAL_FIELD("reseal_field"),
  RESEAL_TEXT("reseal_text"),
  ANNOUNCE("announce"),
  HOLDERS("holders"),

  LIMIT("limit");

  private final String lower = name().toLowerCase(Locale.ROOT);
  private final byte[] text;
  private final byte[] sha1;

  /** The parts, one set before the other. */
  Script(String... parts) {
    String joined = Arrays.stream(parts).map(Script::read).collect(Collectors.joining());
    this.text = joined.getBytes(StandardCharsets.UTF_8);
    this.sha1 = sha1(text).getBytes(StandardCharsets.US_ASCII);
  }

  private static String[] fenced(String own) {
    return new String[] {
      "shard", "due", "prelude", "run", "each_open", "fenced", own, "each_close"
    };
  }

  private static String[] owners(String own) {
    return new String[] {"shard", "due", "prelude", "run", "each_open", "owner", own, "each_close"};
  }

  private static String[] each(String own) {
    return new String[] {"shard", "due", "prelude", "each_open", own, "each_close"};
  }

  /** The name in metrics. */
  String lower() {
    return lower;
  }

  byte[] text() {
    return text;
  }

  /** In hex, as EVALSHA takes it. */
  byte[] sha1() {
    return sha1;
  }

  private static String read(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name + ".lua beside " + Script.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
