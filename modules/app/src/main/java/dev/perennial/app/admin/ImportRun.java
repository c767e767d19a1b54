package dev.perennial.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.app.access.Caller;
import dev.perennial.app.admin.Imports.Outcome;
import dev.perennial.app.admin.LineReader.Line;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.CredentialState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports lines as they come and answers each in its turn, some of them at a time, two of one
 * connection never. A line that is refused stops nothing; an outage does. Not thread-safe.
 */
final class ImportRun {
  private static final Logger LOG = LoggerFactory.getLogger(ImportRun.class);

  private static final int AT_A_TIME = 64;
  private static final int BYTES_AT_A_TIME = 8 << 20;

  /** What can be said of a line. */
  enum Result {
    IMPORTED,
    UNCHANGED,
    EXISTS,
    REFUSED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Imports imports;
  private final ImportReader reader;
  private final Caller caller;
  private final Predicate<Optional<CredentialState>> permitted;
  private final LineReader lines;
  private final Map<Result, Long> counts = new LinkedHashMap<>();
  private @Nullable Task next;

  ImportRun(
      Imports imports,
      ImportReader reader,
      Caller caller,
      Predicate<Optional<CredentialState>> permitted,
      InputStream in,
      int longestLine) {
    this.imports = imports;
    this.reader = reader;
    this.caller = caller;
    this.permitted = permitted;
    this.lines = new LineReader(in, longestLine);
    for (Result result : Result.values()) {
      counts.put(result, 0L);
    }
  }

  /**
   * A line that was read.
   *
   * @param what null where it is refused already
   */
  private record Task(
      long line, int bytes, @Nullable Import what, @Nullable ConnectionKey key, String refused) {}

  /** The last line says how many there were of each. */
  void answer(OutputStream out) throws IOException {
    String outage = null;
    long count = 0;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (List<Task> some = some(); !some.isEmpty() && outage == null; some = some()) {
        List<Future<Answered>> answers =
            some.stream().map(task -> executor.submit(() -> run(task))).toList();
        for (Future<Answered> answer : answers) {
          Answered answered = result(answer);
          count++;
          counts.merge(answered.result(), 1L, Long::sum);
          write(out, answered.json());
          outage = answered.outage() == null ? outage : answered.outage();
        }
        out.flush();
      }
    }
    Map<String, @Nullable Object> summary = new LinkedHashMap<>();
    summary.put("lines", count);
    counts.forEach((result, number) -> summary.put(result.text(), number));
    summary.put("complete", outage == null);
    if (outage != null) {
      summary.put("detail", outage + " What comes after this line was not looked at.");
    }
    write(out, Map.of("summary", summary));
  }

  /** How many connections have been written so far. */
  long imported() {
    return counts.getOrDefault(Result.IMPORTED, 0L);
  }

  /** As many as are done at a time. */
  private List<Task> some() throws IOException {
    List<Task> some = new ArrayList<>();
    Set<ConnectionKey> keys = new HashSet<>();
    int bytes = 0;
    while (some.size() < AT_A_TIME && bytes < BYTES_AT_A_TIME) {
      Task task = next == null ? read() : next;
      next = null;
      if (task == null) {
        break;
      }
      if (task.key() != null && !keys.add(task.key())) {
        next = task;
        break;
      }
      some.add(task);
      bytes += task.bytes();
    }
    return some;
  }

  private @Nullable Task read() throws IOException {
    Line line = lines.next();
    if (line == null) {
      return null;
    }
    byte[] bytes = line.bytes();
    if (bytes == null) {
      return new Task(line.number(), 0, null, null, "The line is too long.");
    }
    try {
      Import what = reader.line(Json.read(bytes, "The line"));
      Access.check(caller, what.key().integration());
      return new Task(line.number(), bytes.length, what, what.key(), "");
    } catch (Refusal e) {
      return new Task(line.number(), bytes.length, null, null, e.problem().detail());
    }
  }

  /**
   * @param outage what did not answer; null where all did
   */
  private record Answered(
      Result result, Map<String, @Nullable Object> json, @Nullable String outage) {}

  private Answered run(Task task) {
    if (task.what() == null) {
      return answered(task, Result.REFUSED, task.refused(), null);
    }
    try {
      return switch (imports.run(task.what(), permitted)) {
        case Outcome.Imported _ -> answered(task, Result.IMPORTED, null, null);
        case Outcome.Unchanged _ -> answered(task, Result.UNCHANGED, null, null);
        case Outcome.Barred _ -> answered(task, Result.EXISTS, null, null);
        case Outcome.Refused(Problem problem) ->
            answered(task, Result.REFUSED, problem.detail(), null);
      };
    } catch (UnavailableException e) {
      String outage = Objects.toString(e.getMessage(), "") + " Import it all again.";
      return answered(task, Result.REFUSED, outage, outage);
    } catch (RuntimeException e) {
      LOG.error("{}: an import failed", task.key(), e);
      return answered(
          task, Result.REFUSED, "A fault of ours; the log of that process says more.", null);
    }
  }

  private static Answered answered(
      Task task, Result result, @Nullable String detail, @Nullable String outage) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("line", task.line());
    json.put("integration", task.key() == null ? null : task.key().integration());
    json.put("connection", task.key() == null ? null : task.key().connection());
    json.put("result", result.text());
    if (detail != null) {
      json.put("detail", detail);
    }
    return new Answered(result, json, outage);
  }

  private static Answered result(Future<Answered> future) {
    try {
      return future.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it imports");
    } catch (ExecutionException e) {
      throw new IllegalStateException("what an import throws is told of its line", e);
    }
  }

  private static void write(OutputStream out, Map<String, ? extends @Nullable Object> json)
      throws IOException {
    out.write(Json.write(json));
    out.write("\n".getBytes(UTF_8));
  }
}
