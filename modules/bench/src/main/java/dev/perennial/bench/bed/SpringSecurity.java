package dev.perennial.bench.bed;

import dev.perennial.bench.bed.Child.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@link SpringMain} as seen from here. For one thread. */
public final class SpringSecurity implements AutoCloseable {
  private final Child child;

  public SpringSecurity(TestBed bed, Path directory, int concurrency) {
    this.child =
        Child.start(
            new Launch(
                "Spring Security",
                SpringMain.class,
                Production.options(List.of()),
                List.of(bed.tokens().tokenUri().toString(), Integer.toString(concurrency)),
                Map.of(),
                directory,
                directory.resolve("spring-security.log")));
    child.await("ready");
  }

  public long pid() {
    return child.pid();
  }

  /**
   * Refreshes a second.
   *
   * @throws BedException where one of them fails
   */
  public double run(Duration window) {
    child.say("run " + window.toMillis());
    String said = child.await("ran ").substring("ran ".length());
    if (said.startsWith("failed")) {
      throw new BedException("Spring Security: " + said);
    }
    return Double.parseDouble(said);
  }

  @Override
  public void close() {
    child.close();
  }
}
