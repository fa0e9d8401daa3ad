#!/usr/bin/env python3
"""Each check sees each fault it is there for, in small trees made for it."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import check_functions
import check_layering
import check_marks


def run(check, files):
    """Exit code and output of a check over a tree of {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = check.main([folder])
        return code, output.getvalue()


class LayeringTest(unittest.TestCase):

    REFUSED = [
        ("dnswire/name.h", '"io/number.h"'),
        ("dnswire/name.h", '"absl/status/status.h"'),
        ("dnswire/name.h", "<arpa/inet.h>"),
        ("io/number.cc", '"io/net/endpoint.h"'),
        ("io/nearest_word.cc", '"io/number.h"'),
        ("io/net/udp_socket.h", '"scanner/options.h"'),
        ("io/net/udp_socket.h", '"io/files/output_file.h"'),
        ("io/files/label_file.cc", '"io/formats/csv_sink.h"'),
        ("io/files/label_file.cc", "<uv.h>"),
        ("io/formats/csv_sink.h", '"io/net/udp_socket.h"'),
        ("io/formats/carried_text.cc", '"io/files/output_file.h"'),
        ("io/parquet/parquet_sink.cc", '"io/dataset/manifest.h"'),
        ("io/dataset/layout.cc", '"io/net/endpoint.h"'),
        ("scanner/targets/target_set.h", '"scanner/engine/engine.h"'),
        ("scanner/targets/target_set.h", '"scanner/verdict/judge.h"'),
        ("scanner/upstream/server.cc", '"scanner/asking/stats.h"'),
        ("scanner/upstream/server.cc", '"scanner/targets/target_set.h"'),
        ("scanner/planning/area.h", '"scanner/progress/late_list.h"'),
        ("scanner/planning/area.h", '"scanner/asking/asker.h"'),
        ("scanner/asking/asker.cc", '"scanner/planning/area.h"'),
        ("scanner/reuse/known_rows.h", '"scanner/asking/asker.h"'),
        ("scanner/planning/area.h", '"scanner/reuse/known_rows.h"'),
        ("scanner/walk/reverse_tree.cc", '"scanner/asking/asker.h"'),
        ("scanner/walk/reverse_tree.cc", '"io/files/output_file.h"'),
        ("scanner/planning/area.h", '"scanner/walk/reverse_tree.h"'),
        ("scanner/progress/row_writer.h", '"scanner/walk/walk_targets.h"'),
        ("scanner/verdict/judge.cc", '"scanner/engine/lookup.h"'),
        ("scanner/verdict/judge.cc", '"scanner/targets/target_order.h"'),
        ("scanner/verdict/judge.cc", '"scanner/review/run_review.h"'),
        ("scanner/review/run_review.cc", '"io/files/input_file.h"'),
        ("scanner/review/run_review.cc", '"scanner/overview/overview.h"'),
        ("scanner/overview/overview.cc", '"scanner/audit/zone_auditor.h"'),
        ("scanner/audit/zone_row.cc", '"scanner/engine/engine.h"'),
        ("scanner/delegation/referral.cc", '"scanner/audit/zone_row.h"'),
        ("scanner/engine/engine.cc", '"tools/summary.h"'),
        ("scanner/engine/engine.cc", '"scanner/audit/zone_row.h"'),
        ("scanner/engine/engine.cc", "<uv.h>"),
        ("scanner/engine/engine.cc", "<unistd.h>"),
        ("scanner/engine/engine.cc", "<sys/socket.h>"),
        ("scanner/engine/engine.cc", "<cstdio>"),
        ("scanner/engine/engine.cc", "<toml++/toml.h>"),
        ("scanner/engine/engine.cc", '"CLI/CLI.hpp"'),
        ("scanner/novelty/thing.cc", '"dnswire/name.h"'),
        ("tools/main.cc", '"tests/support/packet_builder.h"'),
        ("tools/main.cc", '"bench/timer.h"'),
        ("tools/main.cc", "<uv.h>"),
        ("tools/fakedns/main.cc", '"tests/io/temp_folder.h"'),
        ("tools/fakedns/main.cc", '"dnswire/message.h"'),
        ("tools/udp_relay/main.cc", '"tests/io/temp_folder.h"'),
        ("tools/udp_relay/main.cc", '"scanner/options.h"'),
        ("tests/io/number_test.cc", "<uv.h>"),
    ]
    ACCEPTED = [
        ("dnswire/name.cc", '"absl/strings/string_view.h"'),
        ("dnswire/name.cc", '"absl/numeric/int128.h"'),
        ("dnswire/name.cc", "<cstdint>"),
        ("io/net/event_loop.cc", "<uv.h>"),
        ("io/files/label_file.cc", '"io/formats/carried_text.h"'),
        ("io/formats/csv_sink.h", '"io/files/output_file.h"'),
        ("io/formats/row.h", '"io/net/endpoint.h"'),
        ("io/dataset/dataset_sink.cc", '"io/parquet/parquet_sink.h"'),
        ("scanner/verdict/judge.cc", '"scanner/targets/special_use.h"'),
        ("tools/options/config_file.cc", "<toml++/toml.h>"),
        ("scanner/review/run_review.cc", '"scanner/verdict/row_names.h"'),
        ("scanner/overview/overview.cc", '"scanner/review/run_review.h"'),
        ("scanner/audit/zone_row.cc", '"scanner/verdict/severity.h"'),
        ("scanner/engine/engine.cc", '"scanner/upstream/route.h"'),
        ("scanner/engine/engine.cc", '"scanner/audit/zone_verdict.h"'),
        ("scanner/progress/row_writer.h", '"scanner/walk/finding_sink.h"'),
        ("tools/fakedns/main.cc", '"tests/support/packet_builder.h"'),
        ("tools/udp_relay/main.cc", '"tests/support/relay.h"'),
        ("tests/world/prove.cc", '"tools/version.h"'),
        ("bench/micro.cc", '"dnswire/name.h"'),
    ]

    def test_refuses_includes_that_point_right(self):
        for path, header in self.REFUSED:
            code, output = run(check_layering, {path: f"#include {header}\n"})
            self.assertEqual(code, 1, f"{path} {header}")
            self.assertIn(f"{path}:1: {header[1:-1]}: ", output)

    def test_accepts_includes_that_point_left(self):
        for path, header in self.ACCEPTED:
            code, output = run(check_layering, {path: f"#include {header}\n"})
            self.assertEqual(code, 0, f"{path} {header}: {output}")

    def test_refuses_a_header_by_its_short_path(self):
        code, output = run(check_layering, {
            "io/net/a.cc": '#include "b.h"\n', "io/net/b.h": ""})
        self.assertEqual(code, 1, output)

    def test_refuses_an_empty_tree(self):
        self.assertEqual(run(check_layering, {})[0], 1)


class FunctionsTest(unittest.TestCase):

    @staticmethod
    def function(lines):
        return "int F() {\n" + "  G();\n" * (lines - 2) + "}\n"

    def setUp(self):
        if not check_functions.has_ctags():
            self.skipTest("no ctags")

    def test_accepts_60_lines(self):
        code, output = run(check_functions, {"io/a.cc": self.function(60)})
        self.assertEqual(code, 0, output)

    def test_refuses_61_lines(self):
        code, output = run(check_functions, {"io/a.cc": self.function(61)})
        self.assertEqual(code, 1)
        self.assertIn("F has 61 lines", output)

    def test_looks_into_headers_and_tests(self):
        body = self.function(61).replace("int F()", "TEST(A, B)")
        self.assertEqual(run(check_functions, {"tests/a_test.cc": body})[0], 1)
        inline = self.function(61).replace("int F()", "inline int F()")
        self.assertEqual(run(check_functions, {"io/a.h": inline})[0], 1)


class MarksTest(unittest.TestCase):

    def test_refuses_marks(self):
        for mark in ("TO" + "DO", "FIX" + "ME"):
            code, output = run(check_marks, {"README.md": f"x\n({mark}: y)\n"})
            self.assertEqual(code, 1)
            self.assertIn(f"README.md:2: {mark}", output)

    def test_accepts_other_words_and_build_folders(self):
        mark = "TO" + "DO"
        code, output = run(check_marks, {
            "a.cc": "todo TODOS\n".replace("TODOS", mark + "S"),
            "build/b.cc": mark})
        self.assertEqual(code, 0, output)


if __name__ == "__main__":
    unittest.main()
