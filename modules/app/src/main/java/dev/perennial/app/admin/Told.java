package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the audit trail learns of an answer.
 *
 * @param problem code of the problem; empty where all is well
 * @param objects what was acted on, each told for itself; none where only the request says what
 * @param counted how many, known when a body has been written; null where it is one
 */
record Told(String problem, List<String> objects, @Nullable LongSupplier counted) {
  static final Told NOTHING = new Told("", List.of(), null);

  Told {
    objects = List.copyOf(objects);
  }

  static Told of(Problem problem) {
    return problem.members().get("integration") instanceof String integration
            && problem.members().get("connection") instanceof String connection
        ? new Told(problem.code(), List.of(integration + "/" + connection), null)
        : new Told(problem.code(), List.of(), null);
  }

  static Told of(Collection<ConnectionKey> keys) {
    return new Told("", keys.stream().map(ConnectionKey::toString).toList(), null);
  }

  static Told counted(LongSupplier counted) {
    return new Told("", List.of(), counted);
  }
}
