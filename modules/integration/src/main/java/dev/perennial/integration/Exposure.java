package dev.perennial.integration;

import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.UrlTemplate;
import dev.perennial.integration.template.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Warns of secrets in query strings, which servers and proxies log, and of plain http. */
final class Exposure {

  /** Where nothing is declared, the name has to tell. */
  private static final Pattern SOUNDS_SECRET =
      Pattern.compile("secret|password|private|token|key", Pattern.CASE_INSENSITIVE);

  private static final Set<String> SECRET_FLOW =
      Set.of("access_token", "refresh_token", "code_verifier");

  private final @Nullable List<Variable> form;
  private final Problems problems;

  Exposure(@Nullable List<Variable> form, Problems problems) {
    this.form = form;
    this.problems = problems;
  }

  /**
   * @param url as it is sent, whoever put its parameters there
   */
  void warn(Place at, UrlTemplate url) {
    if (url.isHttp()) {
      problems.warn(at, "http: what is sent there is not encrypted");
    }
    for (String name : secrets(url)) {
      problems.warn(
          at,
          name
              + " stands in the query string, which servers log: send it in data or a header where"
              + " the provider allows it");
    }
  }

  private Set<String> secrets(UrlTemplate url) {
    return url.query().stream()
        .flatMap(parameter -> Optional.ofNullable(parameter.value()).stream())
        .flatMap(value -> value.source().uses().stream())
        .map(use -> use.path())
        .filter(this::isSecret)
        .map(Path::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean isSecret(Path path) {
    String name = path.name();
    if (name.equals("oauth")) {
      return SOUNDS_SECRET.matcher(path.segments().getLast()).find();
    }
    if (form == null) {
      return SECRET_FLOW.contains(name) || SOUNDS_SECRET.matcher(name).find();
    }
    return form.stream()
        .filter(variable -> variable.id().equals(name))
        .findFirst()
        .map(Variable::secret)
        .orElse(SECRET_FLOW.contains(name));
  }
}
