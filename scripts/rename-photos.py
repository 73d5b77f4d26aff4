# /// automation
# id = "rename-photos"
# description = "Renames photos to the time at which they were taken, as the camera wrote it into them."
# language = "python"
# grants = { writes = ["{folder}"] }
# parameters.folder = { type = "path", default = "~/Pictures/Camera", description = "The folder with the photos." }
#
# [[tests]]
# name = "numbers photos of one second and leaves the others alone"
# params = { folder = "~/understudy-test/camera" }
# files = [
#   { path = "~/understudy-test/camera/DSC1.jpg", text = "Exif 2026:11:09 10:20:30 one" },
#   { path = "~/understudy-test/camera/DSC2.JPG", text = "Exif 2026:11:09 10:20:30 two" },
#   { path = "~/understudy-test/camera/scan.jpg", text = "no time" },
#   { path = "~/understudy-test/camera/notes.txt", text = "2026:11:09 10:20:30" },
# ]
# [tests.expect]
# result = { renamed = 2, without_time = ["scan.jpg"] }
# changes = [
#   { path = "~/understudy-test/camera/DSC1.jpg", kind = "deleted" },
#   { path = "~/understudy-test/camera/2026-11-09 10.20.30.jpg", kind = "created" },
#   { path = "~/understudy-test/camera/DSC2.JPG", kind = "deleted" },
#   { path = "~/understudy-test/camera/2026-11-09 10.20.30-2.jpg", kind = "created" },
# ]
#
# [[tests]]
# name = "does nothing the second time"
# params = { folder = "~/understudy-test/camera" }
# files = [{ path = "~/understudy-test/camera/2026-11-09 10.20.30.jpg", text = "Exif 2026:11:09 10:20:30" }]
# expect = { changes = [], result = { renamed = 0 } }
# ///
import os
import re

# The camera's time stands as plain text near the start of a JPEG (Exif 2.3, tag DateTimeOriginal and its kin).
TAKEN = re.compile(rb"((?:19|20)\d\d):([01]\d):([0-3]\d) ([0-2]\d):([0-5]\d):([0-6]\d)")
NAMED = re.compile(r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d(-\d+)?\.jpe?g", re.IGNORECASE)


def execute(params):
    folder = os.path.expanduser(params["folder"])
    renamed, without_time = 0, []
    for name in sorted(os.listdir(folder)):
        if not name.lower().endswith((".jpg", ".jpeg")) or NAMED.fullmatch(name):
            continue
        if not os.path.isfile(os.path.join(folder, name)):
            continue
        with open(os.path.join(folder, name), "rb") as photo:
            taken = TAKEN.search(photo.read(1 << 16))
        if not taken:
            without_time.append(name)
            continue
        stem = "%s-%s-%s %s.%s.%s" % tuple(part.decode() for part in taken.groups())
        os.rename(os.path.join(folder, name), os.path.join(folder, free(folder, stem)))
        renamed += 1
    return {"success": True, "renamed": renamed, "without_time": without_time}


def free(folder, stem):
    number, name = 2, stem + ".jpg"
    while os.path.lexists(os.path.join(folder, name)):
        name = "%s-%d.jpg" % (stem, number)
        number += 1
    return name
