#1794210667
cd ~/work/warehouse
#1794210762
git pull
#1794210835
aws s3 cp s3://acme-landing/orders/orders-2026-11-08.csv.gz data/raw/
#1794210930
gunzip data/raw/orders-2026-11-08.csv.gz
#1794210961
python load_orders.py --date 2026-11-08
#1794211447
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-08'"
#1794211466
dbt run --select orders+
#1794211478
dbt test --select orders
#1794212467
ls
#1794212498
ls models/staging
#1794212529
vim models/staging/stg_orders.sql
#1794212602
dbt rnu --select stg_orders
#1794212621
dbt run --select stg_orders
#1794212640
git diff
#1794212659
git status
#1794215527
cd ../airflow-dags
#1794215558
git pull
#1794215589
vim dags/orders_daily.py
#1794215684
python -m pytest tests/test_orders_daily.py
#1794215779
git status
#1794215823
git add dags/orders_daily.py
#1794215842
git commit -m "Retry the orders load twice"
#1794215854
git push
#1794220207
cd ~/work/warehouse
#1794220226
cp data/export/summary-2026-11-09.csv ~/share/reports/
#1794220927
jq '.nodes | length' target/manifest.json
#1794226207
kubectl get pods -n airflow
#1794226265
kubectl logs -n airflow scheduler-0 --tail=100
#1794226927
cd notebooks
#1794227000
jupyter lab
#1794233707
cd ..
#1794233719
git stash
#1794233777
git checkout -b fix/late-orders
#1794233850
vim models/marts/fct_orders.sql
#1794233881
dbt run --select fct_orders
#1794233893
gti status
#1794233924
git status
#1794233997
git commit -am "Count late orders on the day they were made"
#1794234070
git push -u origin fix/late-orders
#1794240307
tar czf ~/backup/warehouse-20261109.tar.gz models seeds
#1794240319
exit
#1794297367
cd ~/work/warehouse
#1794297440
git checkout main
#1794297452
git pull
#1794297496
aws s3 cp s3://acme-landing/orders/orders-2026-11-09.csv.gz data/raw/
#1794297508
gunzip data/raw/orders-2026-11-09.csv.gz
#1794297581
python load_orders.py --date 2026-11-09
#1794298147
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-09'"
#1794298242
dbt run --select orders+
#1794298300
dbt test --select orders
#1794299587
head data/raw/orders-2026-11-09.csv
#1794299606
wc -l data/raw/orders-2026-11-09.csv
#1794299637
vim seeds/country_codes.csv
#1794299668
dbt seed
#1794301507
psql -h dwh -d analytics
#1794303667
cd ~/work/airflow-dags
#1794303762
vim dags/customers_daily.py
#1794303835
python -m pytest tests/test_customers_daily.py
#1794303908
vim dags/customers_daily.py
#1794303920
python -m pytest tests/test_customers_daily.py
#1794303939
git diff
#1794303970
git commit -am "Read customers in chunks"
#1794304001
git push
#1794306787
cd ~/work/warehouse
#1794306799
cp data/export/summary-2026-11-10.csv ~/share/reports/
#1794313507
docker ps
#1794313565
docker compose up -d
#1794313577
psql -h localhost -d sandbox -c "\dt"
#1794315727
vim models/staging/stg_customers.sql
#1794315758
dbt run --select stg_customers
#1794315802
dbt run --select stg_customers
#1794315875
clear
#1794320407
ssh dwh
#1794320426
df -h
#1794326107
git status
#1794326202
tar czf ~/backup/warehouse-20261110.tar.gz models seeds
#1794326275
exit
#1794383287
cd ~/work/warehouse
#1794383345
git pull
#1794383364
aws s3 cp s3://acme-landing/orders/orders-2026-11-10.csv.gz data/raw/
#1794383422
gunzip data/raw/orders-2026-11-10.csv.gz
#1794383466
python load_orders.py --date 2026-11-10
#1794384127
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-10'"
#1794384158
psql -h dwh -d analytics -c "select * from load_errors limit 20"
#1794384253
grep -n "2026-11-10" logs/load.log
#1794384311
python load_orders.py --date 2026-11-10 --skip-bad-rows
#1794384406
dbt run --select orders+
#1794384464
dbt test --select orders
#1794387487
vim load_orders.py
#1794387506
git diff
#1794387525
git commit -am "Skip rows without a customer"
#1794387556
git push
#1794389407
cd ~/work/airflow-dags
#1794389451
git pull
#1794389495
vim dags/orders_daily.py
#1794389553
python -m pytest tests/test_orders_daily.py
#1794389584
git commit -am "Pass --skip-bad-rows"
#1794389603
git push
#1794393427
cd ~/work/warehouse
#1794393500
cp data/export/summary-2026-11-11.csv ~/share/reports/
#1794399007
kubectl get pods -n airflow
#1794399026
kubectl describe pod worker-3 -n airflow
#1794399057
kubectl delete pod worker-3 -n airflow
#1794399115
kubectl get pods -n airflow
#1794403507
cd notebooks
#1794403526
jupyter lab
#1794409807
cd -
#1794409819
ls -la data/export
#1794409850
rm data/export/tmp_customers.csv
#1794412867
tar czf ~/backup/warehouse-20261111.tar.gz models seeds
#1794412911
exit
#1794469987
cd ~/work/warehouse
#1794470018
git pull
#1794470113
aws s3 cp s3://acme-landing/orders/orders-2026-11-11.csv.gz data/raw/
#1794470144
gunzip data/raw/orders-2026-11-11.csv.gz
#1794470163
python load_orders.py --date 2026-11-11
#1794470827
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-11'"
#1794470885
dbt run --select orders+
#1794470958
dbt test --select orders
#1794472867
git checkout -b feature/returns
#1794472940
mkdir models/marts/returns
#1794472959
vim models/marts/returns/fct_returns.sql
#1794472978
dbt run --select fct_returns
#1794472990
dbt run --select fct_returns
#1794473021
vim models/marts/returns/schema.yml
#1794473094
dbt test --select fct_returns
#1794473189
git add models/marts/returns
#1794473208
git status
#1794473303
git commit -m "Returns as a mart of their own"
#1794473398
git push -u origin feature/returns
#1794479347
cp data/export/summary-2026-11-12.csv ~/share/reports/
#1794485707
sl
#1794485726
ls
#1794485738
cat profiles.yml
#1794485796
dbt docs generate
#1794487807
aws s3 ls s3://acme-landing/returns/
#1794487826
aws s3 cp s3://acme-landing/returns/returns-sample.csv data/raw/
#1794487884
head -5 data/raw/returns-sample.csv
#1794487928
vim models/staging/stg_returns.sql
#1794487947
dbt run --select stg_returns
#1794488005
git commit -am "Stage the returns"
#1794488063
git push
#1794493807
cd ~/work/airflow-dags
#1794493880
git pull
#1794493924
python -m pytest
#1794499087
cd ~/work/warehouse
#1794499118
tar czf ~/backup/warehouse-20261112.tar.gz models seeds
#1794499213
exit
#1794556627
cd ~/work/warehouse
#1794556658
git checkout main
#1794556753
git pull
#1794556826
aws s3 cp s3://acme-landing/orders/orders-2026-11-12.csv.gz data/raw/
#1794556921
gunzip data/raw/orders-2026-11-12.csv.gz
#1794556952
python load_orders.py --date 2026-11-12
#1794557467
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-12'"
#1794557486
dbt run --select orders+
#1794557498
dbt test --select orders
#1794559807
git log --oneline -10
#1794559851
git branch -d fix/late-orders
#1794559909
pip install -U dbt-postgres
#1794559982
dbt --version
#1794560026
dbt run
#1794563047
vim requirements.txt
#1794563120
git commit -am "dbt 1.9"
#1794563132
git push
#1794566107
cp data/export/summary-2026-11-13.csv ~/share/reports/
#1794573607
cd notebooks
#1794573702
jupyter lab
#1794579727
cd ..
#1794579785
mkdir -p archive/2026-W46
#1794579880
mv data/raw/orders-2026-11-*.csv archive/2026-W46/
#1794579911
du -sh archive
#1794582607
kubectl get pods -n airflow
#1794582619
htop
#1794584947
tar czf ~/backup/warehouse-20261113.tar.gz models seeds
#1794584978
exit
#1794815407
cd ~/work/warehouse
#1794815419
git pull
#1794815463
aws s3 cp s3://acme-landing/orders/orders-2026-11-15.csv.gz data/raw/
#1794815475
gunzip data/raw/orders-2026-11-15.csv.gz
#1794815548
python load_orders.py --date 2026-11-15
#1794816187
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-15'"
#1794816282
dbt run --select orders+
#1794816340
dbt test --select orders
#1794817807
ls
#1794817838
cd ../airflow-dags
#1794817850
git pull
#1794817908
git checkout -b feature/returns-daily
#1794817939
cp dags/orders_daily.py dags/returns_daily.py
#1794818012
vim dags/returns_daily.py
#1794818024
python -m pytest tests/test_returns_daily.py
#1794818082
vim tests/test_returns_daily.py
#1794818126
python -m pytest tests/test_returns_daily.py
#1794818138
git add dags/returns_daily.py tests/test_returns_daily.py
#1794818182
git commit -m "Load returns daily"
#1794818194
git push -u origin feature/returns-daily
#1794825067
cd ~/work/warehouse
#1794825098
cp data/export/summary-2026-11-16.csv ~/share/reports/
#1794831607
ssh dwh
#1794831702
git status
#1794831760
vim models/marts/fct_orders.sql
#1794831772
dbt run --select fct_orders
#1794831784
git diff
#1794831879
git commit -am "Orders without returns"
#1794831923
git push
#1794839407
kubectl get pods -n airflow
#1794839480
kubectl logs -n airflow scheduler-0 --tail=100
#1794844927
tar czf ~/backup/warehouse-20261116.tar.gz models seeds
#1794844946
exit
#1794902047
cd ~/work/warehouse
#1794902120
git pull
#1794902132
aws s3 cp s3://acme-landing/orders/orders-2026-11-16.csv.gz data/raw/
#1794902205
gunzip data/raw/orders-2026-11-16.csv.gz
#1794902300
python laod_orders.py --date 2026-11-16
#1794902358
python load_orders.py --date 2026-11-16
#1794902887
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-16'"
#1794902931
dbt run --select orders+
#1794903026
dbt test --select orders
#1794905047
cd ~/work/airflow-dags
#1794905078
git fetch
#1794905097
git rebase origin/main
#1794905128
git push --force-with-lease
#1794907207
cd ~/work/warehouse
#1794907226
vim models/marts/returns/fct_returns.sql
#1794907245
dbt run --select fct_returns
#1794907340
dbt test --select fct_returns
#1794907413
git commit -am "Returns by reason"
#1794907486
git push
#1794911647
cp data/export/summary-2026-11-17.csv ~/share/reports/
#1794916867
python -c "import pandas as pd; print(pd.read_csv('data/raw/orders-2026-11-16.csv').dtypes)"
#1794918607
cd notebooks
#1794918651
ls
#1794918695
jupyter lab
#1794927907
cd ..
#1794927926
docker compose down
#1794927999
docker system df
#1794930967
tar czf ~/backup/warehouse-20261117.tar.gz models seeds
#1794931040
exit
#1794988147
cd ~/work/warehouse
#1794988205
git pull
#1794988224
aws s3 cp s3://acme-landing/orders/orders-2026-11-17.csv.gz data/raw/
#1794988282
gunzip data/raw/orders-2026-11-17.csv.gz
#1794988326
python load_orders.py --date 2026-11-17
#1794988867
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-17'"
#1794988879
dbt run --select orders+
#1794988910
dbt test --select orders
#1794991087
psql -h dwh -d analytics
#1794991118
vim models/staging/stg_orders.sql
#1794991191
dbt run --select stg_orders
#1794991264
git diff
#1794991359
git commit -am "Trim order numbers"
#1794991371
git push
#1794993307
cd ~/work/airflow-dags
#1794993338
git pull
#1794993433
vim dags/customers_daily.py
#1794993506
python -m pytest tests/test_customers_daily.py
#1794993525
git commit -am "Time out after an hour"
#1794993598
git push
#1794998167
cd ~/work/warehouse
#1794998225
cp data/export/summary-2026-11-18.csv ~/share/reports/
#1795005907
kubectl get pods -n airflow
#1795005938
vim seeds/country_codes.csv
#1795005969
dbt seed
#1795006042
git commit -am "Kosovo"
#1795006137
git push
#1795008007
clear
#1795008026
history | grep aws
#1795010587
find . -name "*.log" -mtime +14
#1795017547
tar czf ~/backup/warehouse-20261118.tar.gz models seeds
#1795017559
exit
#1795074727
cd ~/work/warehouse
#1795074746
git pull
#1795074777
aws s3 cp s3://acme-landing/orders/orders-2026-11-18.csv.gz data/raw/
#1795074796
gunzip data/raw/orders-2026-11-18.csv.gz
#1795074854
python load_orders.py --date 2026-11-18
#1795075567
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-18'"
#1795075611
dbt run --select orders+
#1795075706
dbt test --select orders
#1795076827
vim models/marts/fct_revenue.sql
#1795076871
dbt run --select fct_revenue
#1795076902
vim models/marts/fct_revenue.sql
#1795076960
dbt run --select fct_revenue
#1795076991
git add models/marts/fct_revenue.sql
#1795077022
git commit -m "Revenue net of returns"
#1795077117
git push
#1795084087
cp data/export/summary-2026-11-19.csv ~/share/reports/
#1795090327
cd notebooks
#1795090346
jupyter lab
#1795099207
cd ..
#1795099265
git stauts
#1795099338
git status
#1795099350
du -sh data/raw
#1795101007
ssh dwh
#1795104247
tar czf ~/backup/warehouse-20261119.tar.gz models seeds
#1795104342
exit
#1795161307
cd ~/work/warehouse
#1795161351
git pull
#1795161409
aws s3 cp s3://acme-landing/orders/orders-2026-11-19.csv.gz data/raw/
#1795161453
gunzip data/raw/orders-2026-11-19.csv.gz
#1795161465
python load_orders.py --date 2026-11-19
#1795162207
psql -h dwh -d analytics -c "select count(*) from orders where day = '2026-11-19'"
#1795162280
dbt run --select orders+
#1795162299
dbt test --select orders
#1795164727
cd ~/work/airflow-dags
#1795164758
git pull
#1795164789
git checkout main
#1795164884
git pull
#1795164896
python -m pytest
#1795167007
cd ~/work/warehouse
#1795167019
vim models/marts/fct_revenue.sql
#1795167114
dbt run --select fct_revenue
#1795167187
git commit -am "Revenue in euros"
#1795167218
git push
#1795170787
cp data/export/summary-2026-11-20.csv ~/share/reports/
#1795178407
kubectl get pods -n airflow
#1795178438
ls archive
#1795184287
mkdir -p archive/2026-W47
#1795184382
mv data/raw/orders-2026-11-*.csv archive/2026-W47/
#1795184413
du -sh archive
#1795189627
tar czf ~/backup/warehouse-20261120.tar.gz models seeds
#1795189639
exit
