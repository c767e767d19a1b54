package dev.perennial.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What each process says of itself again and again, in one field of a hash; one that was not heard
 * of for some time is taken for gone, and the hash goes with the last of them. Thread-safe.
 *
 * @param keep how long a process counts after it was heard of
 */
record Announcements(RedisConnections redis, String hash, Duration keep) {

  /** Seen, since, what: as announce.lua writes it; what is of no such form says nothing. */
  private static final Pattern FIELD = Pattern.compile("(?s)\\d{1,15} \\d{1,15} .*");

  /**
   * One process's.
   *
   * @param since when it began to say just this, in Unix milliseconds on Redis's clock
   */
  record Said(long since, String what) {}

  /**
   * Those heard of lately.
   *
   * @param now Redis's time
   * @param said by process
   */
  record Known(Instant now, Map<String, Said> said) {}

  /**
   * @param what not empty
   */
  void say(String process, String what) {
    redis.run(
        Script.ANNOUNCE,
        Arguments.keys(hash),
        new Arguments().text(process).text(what).millis(keep).list());
  }

  /** It has ended. */
  void leave(String process) {
    say(process, "");
  }

  Known known() {
    Reply reply = redis.run(Script.HOLDERS, Arguments.keys(hash), List.of());
    Instant now = reply.instant(0);
    long oldest = now.minus(keep).toEpochMilli();
    List<String> pairs = reply.nested(1).texts().toList();
    Map<String, Said> said = new TreeMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      String field = pairs.get(i + 1);
      String[] parts = field.split(" ", 3);
      if (FIELD.matcher(field).matches() && Long.parseLong(parts[0]) >= oldest) {
        said.put(pairs.get(i), new Said(Long.parseLong(parts[1]), parts[2]));
      }
    }
    return new Known(now, said);
  }
}
