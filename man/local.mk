# manual pages
dist_man_MANS += man/stablebench.1
dist_man_MANS += man/stablebench-run.1
dist_man_MANS += man/stablebench-list.1
dist_man_MANS += man/stablebench-doctor.1
dist_man_MANS += man/stablebench-restore.1
dist_man_MANS += man/stablebench-show.1
dist_man_MANS += man/stablebench-record.5
