package dev.perennial.app.migration;

import dev.perennial.domain.ConnectionKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which of our names stands for which of theirs.
 *
 * @param integrations ours by theirs; what is not in it keeps its name
 * @param variables ours by theirs, before names that are alike
 * @param declared the per-connection variables of an integration of ours; asked only where a record
 *     brings values
 */
public record Names(
    Map<String, String> integrations,
    Map<String, String> variables,
    Function<String, List<String>> declared) {

  private static final Pattern APART = Pattern.compile("[^A-Za-z0-9]");

  public Names {
    integrations = Map.copyOf(integrations);
    variables = Map.copyOf(variables);
  }

  /** Empty where the name cannot be one of ours. */
  Optional<String> integration(String theirs) {
    return Optional.of(integrations.getOrDefault(theirs, theirs)).filter(ConnectionKey::isSlug);
  }

  /** Of their values those that the integration declares, by our names. */
  Map<String, String> variables(String integration, Map<String, String> values) {
    if (values.isEmpty()) {
      return Map.of();
    }
    List<String> ids = declared.apply(integration);
    Map<String, String> ours = new LinkedHashMap<>();
    values.forEach((theirs, value) -> id(ids, theirs).ifPresent(id -> ours.put(id, value)));
    return ours;
  }

  /** {@code instanceUrl} is like {@code INSTANCE_URL}. */
  private Optional<String> id(List<String> ids, String theirs) {
    String wanted = variables.getOrDefault(theirs, theirs);
    return ids.stream()
        .filter(wanted::equals)
        .findFirst()
        .or(() -> ids.stream().filter(id -> plain(id).equals(plain(wanted))).findFirst());
  }

  private static String plain(String name) {
    return APART.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
  }
}
