package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Position;
import java.util.Optional;

/** Reads {@code client_certificate} (RFC 8705). */
record CertificateReader(Json.Obj object, Templates templates) {

  Optional<CertificateTemplate> read() {
    Keys.CERTIFICATE.check(object, templates.problems());
    Optional<CompiledText> certificate = text("certificate");
    Optional<CompiledText> key = text("key");
    return certificate.flatMap(c -> key.map(k -> new CertificateTemplate(c, k)));
  }

  private Optional<CompiledText> text(String name) {
    Fields fields = new Fields(object, templates.problems());
    if (object.get(name).isEmpty()) {
      fields.missing(name, "is missing: a certificate and its key, each in PEM");
    }
    return fields
        .text(name)
        .flatMap(text ->
            templates
                .read(text, Stage.CERTIFICATE, false)
                .map(template ->
                    CompiledText.compile(templates.where(text.at()), template, Position.PLAIN)));
  }
}
