package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.request.HeaderTemplate;
import dev.perennial.integration.template.TemplateText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of a request: its own, and those of the manifest except Authorization and
 * Content-Type, which its own win over.
 */
final class Headers {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "keep-alive");
  private static final Set<String> NOT_FROM_MANIFEST = Set.of("authorization", "content-type");

  private final Templates templates;
  private final Json.@Nullable Obj manifest;

  /**
   * @param manifest headers of the whole manifest; null where there are none
   */
  Headers(Templates templates, Json.@Nullable Obj manifest) {
    this.templates = templates;
    this.manifest = manifest;
  }

  /**
   * What a request is sent with.
   *
   * @param contentType null where its own headers say none
   * @param texts what the headers were compiled from
   */
  record Read(
      List<HeaderTemplate> headers, @Nullable String contentType, List<TemplateText> texts) {}

  Read read(Json.@Nullable Obj own, Stage stage) {
    Map<String, HeaderTemplate> headers = new LinkedHashMap<>();
    manifest(headers, stage);
    String contentType = null;
    if (own != null) {
      contentType = contentType(own);
      own(own, headers, stage);
    }
    headers.remove("content-type");
    headers.putIfAbsent("accept", accept(own == null ? Place.FILE : own.at()));
    List<HeaderTemplate> all = List.copyOf(headers.values());
    return new Read(all, contentType, all.stream().map(h -> h.value().source()).toList());
  }

  private HeaderTemplate accept(Place at) {
    TemplateText json = TemplateText.ofLiteral("application/json");
    return HeaderTemplate.written(templates.where(at), "Accept", json);
  }

  private void own(Json.Obj own, Map<String, HeaderTemplate> headers, Stage stage) {
    List<String> seen = new ArrayList<>();
    own.members()
        .forEach((name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (seen.contains(lower)) {
            templates.problems().error(value.at(), "written twice, in another case");
          }
          seen.add(lower);
          text(name, value)
              .flatMap(text -> templates.read(text, stage, true))
              .ifPresent(text -> headers.put(lower, header(value.at(), name, text)));
        });
  }

  private void manifest(Map<String, HeaderTemplate> headers, Stage stage) {
    if (manifest == null) {
      return;
    }
    manifest
        .members()
        .forEach((name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!NOT_FROM_MANIFEST.contains(lower) && !OURS.contains(lower)) {
            applied(name, value, stage).ifPresent(header -> headers.put(lower, header));
          }
        });
  }

  /** Meant for calls of the API too: where a value of the flow is missing here, it is left out. */
  private Optional<HeaderTemplate> applied(String name, Json value, Stage stage) {
    Optional<TemplateText> text = text(name, value).flatMap(templates::syntax);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<String> reasons = templates.unusable(text.get(), value.at(), stage, true);
    if (reasons.isEmpty()) {
      return Optional.of(header(value.at(), name, text.get()));
    }
    boolean flow =
        text.get().uses().stream().anyMatch(use -> templates.names().isFlow(use.path().name()));
    for (String reason : reasons) {
      if (flow) {
        templates.problems().warn(value.at(), "not sent with " + stage.key() + ": " + reason);
      } else {
        templates.problems().error(value.at(), reason);
      }
    }
    return Optional.empty();
  }

  private HeaderTemplate header(Place at, String name, TemplateText text) {
    return HeaderTemplate.written(templates.where(at), name, text);
  }

  private Optional<Json.Text> text(String name, Json value) {
    return switch (value) {
      case Json.Nil _ -> Optional.empty();
      case Json.Text text -> checked(name, text);
      case Json.Num(Place at, String digits) -> checked(name, new Json.Text(at, digits));
      case Json.Obj _, Json.Arr _, Json.Bool _ -> Optional.empty(); // the schema has told
    };
  }

  private Optional<Json.Text> checked(String name, Json.Text text) {
    String reason = null;
    if (!NAME.matcher(name).matches()) {
      reason = "is not the name of a header";
    } else if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      reason = "this header is set by the HTTP client and cannot be written here";
    } else if (!text.text().chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\t')) {
      reason = "a header holds only visible ASCII characters, spaces and tabs";
    }
    if (reason != null) {
      templates.problems().error(text.at(), reason);
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private @Nullable String contentType(Json.Obj own) {
    for (Map.Entry<String, Json> header : own.members().entrySet()) {
      if (header.getKey().equalsIgnoreCase("Content-Type")
          && header.getValue() instanceof Json.Text(Place at, String type)) {
        if (type.contains("{{")) {
          templates.problems().error(at, "a Content-Type cannot hold a template");
        }
        return type;
      }
    }
    return null;
  }
}
