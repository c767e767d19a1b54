package dev.perennial.integration;

import dev.perennial.domain.definition.RenderingException;
import dev.perennial.integration.request.BodyTemplate;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.template.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code perennial check --render FILE…} shows: every request of a definition as it would be
 * sent, as lines for a terminal. Variables that are set and not secret are shown; for everything
 * else its name stands, {@code <CLIENT_SECRET>}. Nothing is sent and no secret is read.
 */
public final class DefinitionPreview {
  private final Function<String, Optional<String>> lookup;

  /**
   * @param lookup of a variable by what the operator sets; never asked for a secret one
   */
  public DefinitionPreview(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /** All requests, in the order of a credential's life. */
  public List<String> lines(Definition definition) {
    return new Page(definition, new Placeholders(given(definition))).lines();
  }

  private Map<String, String> given(Definition definition) {
    Map<String, String> given = new HashMap<>();
    given.put("scopes", definition.oauth().scopes().joined(List.of()));
    for (Variable variable : definition.variables()) {
      if (variable.secret()) {
        given.remove(variable.id()); // it may be called scopes
      } else {
        value(definition, variable).ifPresent(value -> given.put(variable.id(), value));
      }
    }
    given.remove("redirect_url"); // no variable takes it over
    return given;
  }

  private Optional<String> value(Definition definition, Variable variable) {
    Optional<String> set =
        variable.perConnection()
            ? Optional.empty()
            : lookup
                .apply(variable.environmentName(definition.slug()))
                .filter(value -> !value.isEmpty());
    return set.or(() -> Optional.ofNullable(variable.defaultValue()));
  }

  /** One definition's lines. */
  private static final class Page {
    private final Definition definition;
    private final Definition.Oauth oauth;
    private final Placeholders placeholders;
    private final List<String> lines = new ArrayList<>();

    Page(Definition definition, Placeholders placeholders) {
      this.definition = definition;
      this.oauth = definition.oauth();
      this.placeholders = placeholders;
    }

    List<String> lines() {
      if (oauth.discovery() != null) {
        url("discovery", oauth.discovery()::preview);
      }
      request("prepare", oauth.prepare());
      if (oauth.consent() != null) {
        url("authenticate_url", oauth.consent()::preview);
      }
      steps("access_token", oauth.token());
      refresh();
      for (Definition.Sibling sibling : oauth.siblings()) {
        String name = "tokens." + sibling.token().name();
        if (sibling.refresh() == null) {
          title(name + ": as refresh, with tokens of its own");
        } else {
          request(name, sibling.refresh());
        }
      }
      request("revoke", oauth.revoke());
      return lines;
    }

    private void refresh() {
      if (oauth.refresh() != null) {
        steps("refresh", oauth.refresh());
      } else {
        boolean repeated = oauth.consent() == null && oauth.prepare() == null;
        title("refresh: " + (repeated ? "access_token is sent again" : "none"));
      }
    }

    private void steps(String name, Definition.Steps steps) {
      request(name, steps.first());
      for (int i = 0; i < steps.then().size(); i++) {
        request(name + ".then[" + i + "]", steps.then().get(i).request());
      }
    }

    private void request(String name, @Nullable RequestTemplate request) {
      if (request == null) {
        return;
      }
      title(name);
      @Nullable BodyTemplate template = request.body();
      String body = template == null ? "" : shown(() -> template.render(placeholders));
      Values values = placeholders.withBody(body);
      line(request.method() + " " + shown(() -> request.url().preview(values)));
      request
          .headers()
          .forEach(header ->
              line(
                  shown(() ->
                      header
                          .render(values)
                          .map(rendered ->
                              rendered.name() + ": " + placeholders.named(rendered.value()))
                          .orElse(""))));
      if (oauth.said().dpop()) {
        line("DPoP: <proof>");
      }
      if (oauth.certificate() != null) {
        line("(with the client certificate)");
      }
      if (template != null) {
        line("Content-Type: " + template.contentType());
        line(body);
      }
    }

    private void url(String name, Function<Values, String> url) {
      title(name);
      line("GET " + shown(() -> url.apply(placeholders)));
    }

    private static String shown(Supplier<String> rendering) {
      try {
        return rendering.get();
      } catch (RenderingException e) {
        return "<cannot be shown: " + e.getMessage() + ">";
      }
    }

    private void title(String name) {
      lines.add(definition.slug() + ": " + name);
    }

    private void line(String text) {
      if (!text.isEmpty()) {
        lines.add("  " + Finding.oneLine(placeholders.named(text)));
      }
    }
  }
}
