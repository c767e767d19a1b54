package dev.perennial.app.console;

import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Status;
import java.util.Map;
import java.util.function.Predicate;

/** What a census says to somebody who may see some integrations. */
final class Standing {
  private Standing() {}

  /** Of these integrations together. */
  static Count sum(Census census, Predicate<String> integrations) {
    return census.integrations().entrySet().stream()
        .filter(it -> integrations.test(it.getKey()))
        .map(Map.Entry::getValue)
        .reduce(Count.NONE, Count::plus);
  }

  static long of(Count count, Status status) {
    return count.connections().getOrDefault(status, 0L);
  }

  /** All that are not deleted. */
  static long living(Count count) {
    return count.connections().values().stream().mapToLong(Long::longValue).sum()
        - of(count, Status.DELETED);
  }
}
